/**
 * The fastest way in: COPY BINARY of whole columns. Hot: one buffer for each batch, no object for each row.
 * Layout as in PostgreSQL's manual, "COPY", section "Binary Format".
 */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection } from './pool.ts';

/** A batch in columns, sorted by (series, time), without repeats. `observedAt` in epoch ms. */
export interface CopyRows {
  length: number;
  series: Int32Array;
  observedAt: Float64Array;
  value: Float64Array;
  quality: Int16Array;
}

const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const ROW_BYTES = 2 + (4 + 4) + (4 + 8) + (4 + 8) + (4 + 2);
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_MS = 946_684_800_000;

/**
 * Buffers of former batches: fresh memory of a batch's size costs more than filling it. A buffer comes back only when the database
 * has answered, and so has read all of it.
 */
const spare: Buffer[] = [];
const MOST_SPARE = 8;
/** Some 25,000 readings; larger batches are rare and get a buffer of their own. */
const MOST_SPARE_BYTES = 1024 * 1024;

function takeBuffer(size: number): Buffer {
  const at = spare.findIndex((buffer) => buffer.length >= size);
  const [found] = at < 0 ? [] : spare.splice(at, 1);
  return found ?? Buffer.allocUnsafeSlow(size > MOST_SPARE_BYTES ? size : Math.min(MOST_SPARE_BYTES, 2 ** Math.ceil(Math.log2(size))));
}

function giveBack(buffer: Buffer): void {
  if (buffer.length > MOST_SPARE_BYTES) return;
  // The smallest goes when there are too many, so that in the end all are large enough.
  spare.push(buffer);
  spare.sort((a, b) => a.length - b.length);
  if (spare.length > MOST_SPARE) spare.shift();
}

/** Writes the batch into `buffer` as one COPY BINARY stream's bytes. */
function encodeReadings(rows: CopyRows, buffer: Buffer): void {
  HEADER.copy(buffer);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let at = HEADER.length;
  for (let i = 0; i < rows.length; i++) {
    view.setInt16(at, 4);
    view.setInt32(at + 2, 4);
    view.setInt32(at + 6, rows.series[i] as number);
    view.setInt32(at + 10, 8);
    const us = ((rows.observedAt[i] as number) - EPOCH_2000_MS) * 1000;
    // Two halves instead of a BigInt: exact, as |us| stays below 2^53.
    const high = Math.floor(us / 4_294_967_296);
    view.setInt32(at + 14, high);
    view.setUint32(at + 18, us - high * 4_294_967_296);
    view.setInt32(at + 22, 8);
    view.setFloat64(at + 26, rows.value[i] as number);
    view.setInt32(at + 34, 2);
    view.setInt16(at + 38, rows.quality[i] as number);
    at += ROW_BYTES;
  }
  view.setInt16(at, -1);
}

/** Copies the batch into `reading`. @throws the driver's error; 23505 when a row is there already (the transaction is then lost). */
export async function copyReadings(connection: Connection, rows: CopyRows): Promise<void> {
  const size = HEADER.length + rows.length * ROW_BYTES + 2;
  const buffer = takeBuffer(size);
  encodeReadings(rows, buffer);
  await pipeline(
    Readable.from([buffer.subarray(0, size)], { objectMode: false }),
    connection.query(copyFrom('copy reading (series_id, observed_at, value, quality) from stdin with (format binary)')),
  );
  giveBack(buffer);
}
