/** "Did you mean": finds the known word that a misspelt one most likely stands for, or says that there is none. */

/** How many slips (a letter too many, too few, wrong, or two swapped) a word of this length may hold and still be recognised. */
function allowance(word: string): number {
  if (word.length < 4) return 1;
  return word.length < 10 ? 2 : 3;
}

/** Slips between two words (optimal string alignment), or `limit + 1` as soon as there are more than `limit`. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return above[b.length] ?? limit + 1;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-.\s]/g, '_');

/** The candidate nearest to `word`, or null when none is near enough. Case and `-` against `_` do not count as slips; of equals the first wins. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 100) return null;
  const wanted = plain(word);
  let best: string | null = null;
  let limit = allowance(wanted);
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const distance = slips(wanted, plain(candidate), limit);
    if (distance > limit || distance >= Math.max(wanted.length, candidate.length)) continue;
    best = candidate;
    if (distance === 0) break;
    limit = distance - 1;
  }
  return best;
}

/** `; did you mean "x"?` for the end of a message; else the known words when they are few, else nothing. */
export function hint(word: string, candidates: Iterable<string>): string {
  const words = [...candidates];
  const near = nearest(word, words);
  if (near !== null) return `; did you mean ${JSON.stringify(near)}?`;
  return words.length > 0 && words.length <= 12 ? `; known: ${words.join(', ')}` : '';
}
