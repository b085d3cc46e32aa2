/** From the sources of a city's folder to tracks that can be played: recordings read, spans laid out, gaps filled as declared. */
import type { Catalogue } from '../server/catalogue/catalogue.ts';
import type { ReplaySource } from '../server/catalogue/source-schema.ts';
import { fillAbsent, fillDry } from './fill.ts';
import { type Track, trackOf } from './played.ts';
import { readRecording } from './read-recording.ts';
import type { Recorded, Recording, SeriesKey } from './recorded.ts';
import { firstDay, lastDay, type Span } from './span.ts';
import { dayNumber } from './wall-time.ts';

export interface TrackOptions {
  catalogue: Catalogue;
  /** Ids of the sources to play; default: every replay of the folder. */
  only?: readonly string[] | undefined;
  /** The city's day (see `dayOf`) that shows each recording's `today`. */
  anchor: number;
  loop: boolean;
  /** Folder of the recordings. */
  recordings: string;
}

/** The folder's replays. @throws Error when `only` names something else, or nothing is left. */
export function replaySources(catalogue: Catalogue, only?: readonly string[]): ReplaySource[] {
  const all = [...catalogue.sources.values()].filter((source) => source.kind === 'replay');
  const known = all.map(({ id }) => id).join(', ');
  for (const id of only ?? []) if (!all.some((source) => source.id === id)) throw new Error(`The folder has no replay "${id}"; it has: ${known || 'none'}.`);
  const chosen = only === undefined ? all : all.filter(({ id }) => only.includes(id));
  if (chosen.length === 0) throw new Error(`Nothing to replay in ${catalogue.directory}: no source is of kind replay.`);
  return chosen;
}

/** @throws Error that names the recording that cannot be read. */
export async function loadTracks(options: TrackOptions): Promise<Track[]> {
  return Promise.all(
    replaySources(options.catalogue, options.only).map(async (source) => {
      const span: Span = { today: dayNumber(source.today), before: source.days.before, after: source.days.after, anchor: options.anchor, loop: options.loop };
      const recording = await readRecording(source.recording, options.recordings);
      const readings = fill(recording, { source, span, catalogue: options.catalogue });
      return trackOf(source.id, { ...recording, readings }, span);
    }),
  );
}

function fill(recording: Recording, { source, span, catalogue }: { source: ReplaySource; span: Span; catalogue: Catalogue }): readonly Recorded[] {
  const declared = recording.readings.filter(({ indicator }) => source.indicators[indicator] !== undefined);
  const days = { firstDay: firstDay(span), lastDay: lastDay(span), series: expectedOf(source, catalogue) };
  if (source.heartbeat !== undefined) return fillDry(declared, { ...days, everyMs: source.heartbeat });
  return source.absent === 'zero' && recording.intervalMs > 0 ? fillAbsent(declared, { ...days, everyMs: recording.intervalMs }) : declared;
}

/** The series that the folder expects of what this source sends: also a sensor that saw no flood has a heartbeat. */
function expectedOf(source: ReplaySource, { expectedSeries }: Catalogue): SeriesKey[] {
  return expectedSeries.filter(({ indicator }) => source.indicators[indicator] !== undefined);
}
