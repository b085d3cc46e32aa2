/**
 * The order of a batch by (series, time), readings of one key staying in the order of sending. Hot: senders mostly write time by
 * time over the same series, so the readings are dealt out by series in one pass each, and only series whose times do not rise are
 * compared. A comparison sort of the whole would cost more than parsing it.
 */

interface Keys {
  length: number;
  series: Int32Array;
  observedAt: Float64Array;
}

/** Counters for each number between the lowest and the highest series: this many times the batch are cheaper than comparing. */
const SPREAD = 8;
const SMALL_SPREAD = 4096;

/** Positions in their right order; null when they stand in it already. */
export function sortedOrder(keys: Keys): Uint32Array | null {
  const { length, series, observedAt } = keys;
  let isSorted = true;
  let lowest = series[0] ?? 0;
  let highest = lowest;
  for (let i = 1; i < length; i++) {
    const id = series[i] as number;
    const before = series[i - 1] as number;
    if (id < before || (id === before && (observedAt[i] as number) < (observedAt[i - 1] as number))) isSorted = false;
    if (id < lowest) lowest = id;
    else if (id > highest) highest = id;
  }
  if (isSorted) return null;
  const spread = highest - lowest + 1;
  if (spread > length * SPREAD + SMALL_SPREAD) return sortByComparing(identity(length), keys);
  return dealOut(keys, lowest, spread);
}

function dealOut(keys: Keys, lowest: number, spread: number): Uint32Array {
  const { length, series, observedAt } = keys;
  // Where the next reading of a series goes; after the pass, where its readings end.
  const ends = new Uint32Array(spread + 1);
  for (let i = 0; i < length; i++) {
    const slot = (series[i] as number) - lowest + 1;
    ends[slot] = (ends[slot] as number) + 1;
  }
  for (let slot = 1; slot <= spread; slot++) ends[slot] = (ends[slot] as number) + (ends[slot - 1] as number);
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const slot = (series[i] as number) - lowest;
    const at = ends[slot] as number;
    order[at] = i;
    ends[slot] = at + 1;
  }
  let start = 0;
  for (let slot = 0; slot < spread; slot++) {
    const end = ends[slot] as number;
    for (let k = start + 1; k < end; k++) {
      if ((observedAt[order[k] as number] as number) >= (observedAt[order[k - 1] as number] as number)) continue;
      sortByComparing(order.subarray(start, end), keys);
      break;
    }
    start = end;
  }
  return order;
}

function identity(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => i);
}

/** Sorts in place. Ties keep the order of sending: the last one is the truth. */
function sortByComparing(order: Uint32Array, { series, observedAt }: Keys): Uint32Array {
  return order.sort((a, b) => (series[a] as number) - (series[b] as number) || (observedAt[a] as number) - (observedAt[b] as number) || a - b);
}
