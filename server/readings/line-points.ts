/**
 * From points of line protocol to candidates for the door: the indicator is the measurement when the field is `value`, else
 * `measurement_field`; the place is the tag `place`. A source may rename both. Telegraf works unchanged.
 */
import type { ErrorCode } from '../contract/index.ts';
import type { Admission } from './admission.ts';
import { type LinePoint, parseLineProtocol } from './line-protocol.ts';

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

export function admitPoints(
  text: string,
  options: { precision: Precision; now: number; mapping: LineMapping | undefined },
  to: { admission: Admission; reject(refusal: LineRefusal): void },
): void {
  const mapping = options.mapping ?? plainMapping;
  const emit = (point: LinePoint): void => {
    const place = tagOf(point, mapping.placeTag);
    if (place === null) {
      to.reject({ line: point.line, code: 'missing_field', message: `The tag "${mapping.placeTag}" is missing.` });
      return;
    }
    const facet = tagOf(point, mapping.facetTag);
    for (const field of point.fields) {
      if (typeof field.value !== 'number') {
        to.reject({ line: point.line, code: 'not_a_number', message: `The field "${field.key}" is text; only numbers and booleans are stored.` });
        continue;
      }
      const name = field.key === 'value' ? point.measurement : `${point.measurement}_${field.key}`;
      const refusal = to.admission.admit({ indicator: mapping.measurements[name] ?? name, place, facet, observedAt: point.observedAt ?? options.now, value: field.value });
      if (refusal !== null) to.reject({ line: point.line, code: refusal.code, message: refusal.message });
    }
  };
  parseLineProtocol(text, { precision: parserPrecision[options.precision] }, { emit, reject: (line, code, message) => to.reject({ line, code, message }) });
}

function tagOf(point: LinePoint, key: string): string | null {
  const at = point.tagKeys.indexOf(key);
  return at < 0 ? null : (point.tagValues[at] ?? null);
}
