/** Real little things that happen to one series: a pressure dip, a queue, a jam. Seeded by the series; each lies wholly in what was drawn for a stretch of time. */
import { type Chunk, DAY, type Episode, MINUTE } from './model.ts';
import { between, hash, unit } from './noise.ts';

const YEAR = 365.25 * DAY;
/** A stretch in which an episode happens once or not at all; longer than any episode. */
const STRETCH = 8 * DAY;

/** How high an episode stands at a part of its time. */
function height(shape: Episode['shape'], part: number): number {
  if (part < 0 || part >= 1) return 0;
  switch (shape) {
    case 'step':
      return 1;
    case 'jolt':
      return (1 - part) ** 2;
    default:
      return Math.sin(Math.PI * part) ** 0.8;
  }
}

/** Changes the values that episodes fall on. */
export function addEpisodes(out: Float64Array, chunk: Chunk, { key, episodes }: { key: number; episodes: readonly Episode[] }): void {
  const to = chunk.from + chunk.count * chunk.stepMs;
  for (const [which, episode] of episodes.entries()) {
    const own = hash(key, which + 101);
    // More often than once in a stretch: the stretch is made shorter, down to what the longest episode needs.
    const stretch = Math.max(Math.min(STRETCH, YEAR / episode.perYear / 1.5), 2 * episode.minutes[1] * MINUTE);
    const likely = (episode.perYear * stretch) / YEAR;
    for (let n = Math.floor(chunk.from / stretch) - 1; n * stretch < to; n++) {
      if (unit(own, n * 4) >= likely) continue;
      const begins = (n + unit(own, n * 4 + 1)) * stretch;
      const lasts = between(own, n * 4 + 2, episode.minutes) * MINUTE;
      if (begins < to && begins + lasts > chunk.from) apply(out, chunk, { episode, begins, lasts, draw: unit(own, n * 4 + 3) });
    }
  }
}

function apply(out: Float64Array, { from, stepMs, count }: Chunk, one: { episode: Episode; begins: number; lasts: number; draw: number }): void {
  const { add, times, shape } = one.episode;
  const chosen = (range: readonly [number, number]): number => range[0] + one.draw * (range[1] - range[0]);
  const first = Math.max(0, Math.ceil((one.begins - from) / stepMs));
  for (let i = first; i < count; i++) {
    const part = (from + i * stepMs - one.begins) / one.lasts;
    if (part >= 1) return;
    const high = height(shape, part);
    if (times !== undefined) out[i] = (out[i] as number) * (1 + (chosen(times) - 1) * high);
    if (add !== undefined) (out[i] as number) += chosen(add) * high;
  }
}
