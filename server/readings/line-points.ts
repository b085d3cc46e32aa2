/**
 * From points of line protocol to candidates for the door: the indicator is the measurement when the field is `value`, else
 * `measurement_field`; the place is the tag `place`. A source may rename both. Telegraf works unchanged.
 */
import type { ErrorCode } from '../contract/index.ts';
import type { Admission, Target } from './admission.ts';
import { createPlainLines, type PlainLines } from './line-plain.ts';
import { type LinePoint, type LinePrecision, type LineReceiver, openScanner, readLine, subDigits } from './line-protocol.ts';
import { type LineText, openLineText } from './line-text.ts';
import { code, type Scanner } from './line-value.ts';

/** What Influx's `precision` parameter may say; `n`, `u` and `m` are the old names of version 1. */
export const precisions = ['ns', 'us', 'ms', 's', 'n', 'u'] as const;
export type Precision = (typeof precisions)[number];

const parserPrecision = { ns: 'ns', n: 'ns', us: 'us', u: 'us', ms: 'ms', s: 's' } as const;

export interface LineMapping {
  /** Measurement, or `measurement_field`, to indicator. */
  measurements: Readonly<Record<string, string>>;
  placeTag: string;
  facetTag: string;
}

const plainMapping: LineMapping = { measurements: {}, placeTag: 'place', facetTag: 'facet' };

export interface LineRefusal {
  /** Line of the body, counted from 1. */
  line: number;
  code: ErrorCode;
  message: string;
}

/** `body`: text, or bytes that are all ASCII (which saves making a text of them). */
export function admitPoints(
  body: string | Buffer,
  options: { precision: Precision; now: number; mapping: LineMapping | undefined },
  to: { admission: Admission; reject(refusal: LineRefusal): void },
): void {
  const lines = openLineText(body);
  const precision = parserPrecision[options.precision];
  const plain = createPlainLines(lines.units, subDigits[precision]);
  const readLong = createLongWay(lines, precision, createReceiver(plain, { ...options, ...to }));
  const reading = { observedAt: 0, value: 0 };
  const place = { at: 0, line: 1 };
  while (place.at < lines.length) {
    const next = plain.read(place.at);
    if (next < 0) {
      readLong(place);
      continue;
    }
    reading.observedAt = Number.isNaN(plain.observedAt) ? options.now : plain.observedAt;
    for (let i = 0; i < plain.count; i++) {
      reading.value = plain.values[i] as number;
      const refusal = to.admission.admitTo(plain.targets[i] as Target, reading);
      if (refusal !== null) to.reject({ line: place.line, code: refusal.code, message: refusal.message });
    }
    place.at = next;
    place.line++;
  }
}

/** Where the next line begins, and its number. */
interface LinePlace {
  at: number;
  line: number;
}

interface PointReceiver extends LineReceiver {
  /** Where the line begins that is read now. */
  lineAt: number;
}

/** Reads one line by the general parser: by itself, or within the whole text where a quoted string may go on over its end. */
function createLongWay(lines: LineText, precision: LinePrecision, receiver: PointReceiver): (place: LinePlace) => void {
  let whole: Scanner | null = null;
  return (place) => {
    receiver.lineAt = place.at;
    let end = place.at;
    let isQuoted = false;
    for (let c = lines.units[end] as number; c !== code.newline; c = lines.units[end] as number) {
      if (c === code.quote) isQuoted = true;
      end++;
    }
    if (!isQuoted) {
      readLine(openScanner(lines.slice(place.at, end), precision), place.line, receiver);
      place.at = end + 1;
      place.line++;
      return;
    }
    whole ??= openScanner(lines.whole(), precision);
    whole.at = place.at;
    place.line = readLine(whole, place.line, receiver);
    place.at = whole.at;
  };
}

/** Takes points of the general parser, and tells `plain` where the readings of such lines go. */
function createReceiver(
  plain: PlainLines,
  { admission, reject, now, mapping = plainMapping }: { admission: Admission; reject(refusal: LineRefusal): void; now: number; mapping: LineMapping | undefined },
): PointReceiver {
  const nameOf = (measurement: string, fieldKey: string): string => {
    const name = fieldKey === 'value' ? measurement : `${measurement}_${fieldKey}`;
    return mapping.measurements[name] ?? name;
  };
  const receiver: PointReceiver = {
    lineAt: 0,
    reject: (line, code, message) => reject({ line, code, message }),
    emit(point) {
      const { line, measurement } = point;
      const place = tagOf(point, mapping.placeTag);
      if (place === null) {
        reject({ line, code: 'missing_field', message: `The tag "${mapping.placeTag}" is missing.` });
        return;
      }
      const facet = tagOf(point, mapping.facetTag);
      for (const field of point.fields) {
        if (typeof field.value !== 'number') {
          reject({ line, code: 'not_a_number', message: `The field "${field.key}" is text; only numbers and booleans are stored.` });
          continue;
        }
        const indicator = nameOf(measurement, field.key);
        const refusal = admission.admit({ indicator, place, facet, observedAt: point.observedAt ?? now, value: field.value });
        if (refusal !== null) {
          reject({ line, code: refusal.code, message: refusal.message });
          continue;
        }
        const target = admission.targetOf(indicator, place, facet);
        if (!('code' in target)) plain.learn(receiver.lineAt, field.key, target);
      }
    },
  };
  return receiver;
}

function tagOf(point: LinePoint, key: string): string | null {
  const at = point.tagKeys.indexOf(key);
  return at < 0 ? null : (point.tagValues[at] ?? null);
}
