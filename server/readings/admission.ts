/**
 * Judges readings at the door, one by one: known indicator and place, the right grain, a possible time, a finite number; unit
 * and time stamp are brought to the indicator's own. One bad reading is told by code and never costs the good ones.
 *
 * Hot: called once for each reading of a batch. What is the same for all readings of an indicator is looked up once ("lane").
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source-schema.ts';
import { conversion } from '../catalogue/units.ts';
import { type ErrorCode, parseIsoInstant, type Quality, type QualityReason, qualities, qualityReasons, readingInputSchema } from '../contract/index.ts';
import type { SeriesKey, SeriesRegistry } from '../indicators/registry.ts';
import { type BatchBuilder, createBatchBuilder } from './columns.ts';

import { judgeQuality } from './quality.ts';

/** Readings earlier than this are taken for a wrong unit of time, not for history. */
export const EARLIEST_MS = Date.UTC(1990, 0, 1);
/** A sender's clock may run this far ahead. */
export const AHEAD_MS = 10 * 60_000;

export interface Refusal {
  code: ErrorCode;
  path: string;
  message: string;
}

/** A reading whose shape is known to be right. */
export interface Candidate {
  indicator: string;
  place: string;
  facet: string | null;
  observedAt: number;
  value: number;
  quality?: Quality | undefined;
  reason?: QualityReason | undefined;
}

export interface Admission {
  /** Takes one reading as it came over the wire, of whatever shape. */
  admitUnknown(input: unknown): Refusal | null;
  admit(candidate: Candidate): Refusal | null;
  /** Series that must be made; the n-th stands in the batch as placeholder −1−n. */
  readonly missing: SeriesKey[];
  readonly batch: BatchBuilder;
}

interface Lane {
  indicator: string;
  grain: string;
  factor: number;
  offset: number;
  stampShiftMs: number;
  defaultQuality: Quality | undefined;
  range: { min?: number | undefined; max?: number | undefined } | undefined;
  facets: ReadonlySet<string>;
  /** Series number (or placeholder) by place, for readings without facet. */
  places: Map<string, number>;
  faceted: Map<string, number>;
}

export function createAdmission(context: { catalogue: Catalogue; registry: SeriesRegistry; source: Source | null; now: number }): Admission {
  const { catalogue, registry, source, now } = context;
  const batch = createBatchBuilder();
  const missing: SeriesKey[] = [];
  const lanes = new Map<string, Lane | Refusal>();
  const latest = now + AHEAD_MS;

  const placeSeries = (lane: Lane, place: string, facet: string | null): number | Refusal => {
    const refusal = refusePlace(catalogue, lane, place);
    if (refusal !== null) return refusal;
    if (facet !== null && !lane.facets.has(facet)) {
      return { code: 'unknown_facet', path: 'facet', message: `"${lane.indicator}" has no facet "${facet}"; known: ${[...lane.facets].join(', ') || 'none'}.` };
    }
    const known = registry.find(lane.indicator, place, facet);
    if (known !== undefined) return known.id;
    missing.push({ indicator: lane.indicator, place, facet });
    return -missing.length;
  };

  const seriesOf = (lane: Lane, place: string, facet: string | null): number | Refusal => {
    const map = facet === null ? lane.places : lane.faceted;
    const key = facet === null ? place : `${place}\u0000${facet}`;
    const known = map.get(key);
    if (known !== undefined) return known;
    const made = placeSeries(lane, place, facet);
    if (typeof made === 'number') map.set(key, made);
    return made;
  };

  const admit = (candidate: Candidate): Refusal | null => {
    let lane = lanes.get(candidate.indicator);
    if (lane === undefined) {
      lane = openLane(catalogue, source, candidate.indicator);
      lanes.set(candidate.indicator, lane);
    }
    if ('code' in lane) return lane;
    const series = seriesOf(lane, candidate.place, candidate.facet);
    if (typeof series !== 'number') return series;
    const observedAt = candidate.observedAt - lane.stampShiftMs;
    if (observedAt < EARLIEST_MS) return { code: 'time_too_early', path: 'observedAt', message: `The time is before 1990; is it in milliseconds? (${candidate.observedAt})` };
    if (observedAt > latest) return { code: 'time_ahead', path: 'observedAt', message: 'The time is more than 10 minutes ahead of the server’s clock.' };
    const value = candidate.value * lane.factor + lane.offset;
    if (!Number.isFinite(value)) return { code: 'not_finite', path: 'value', message: 'The value must be a finite number.' };
    batch.add({ series, observedAt, value, quality: judgeQuality(value, { quality: candidate.quality ?? lane.defaultQuality, reason: candidate.reason }, lane.range) });
    return null;
  };

  const instantOf = createInstantReader();
  return {
    missing,
    batch,
    admit,
    admitUnknown(input) {
      if (!isPlainReading(input)) return explain(input);
      const observedAt = instantOf(input.observedAt);
      if (observedAt === null)
        return { code: 'invalid_time', path: 'observedAt', message: 'The time must be ISO 8601 with an offset (2026-01-31T08:00:00+08:00) or epoch milliseconds.' };
      return admit({
        indicator: input.indicator,
        place: input.place,
        facet: input.facet ?? null,
        observedAt,
        value: input.value,
        quality: input.quality,
        reason: input.qualityReason,
      });
    },
  };
}

/** Reads instants; the readings of a batch often share one text, which is parsed once. */
function createInstantReader(): (input: string | number) => number | null {
  let lastText = '';
  let lastInstant: number | null = null;
  return (input) => {
    if (typeof input === 'number') return Number.isFinite(input) ? Math.floor(input) : null;
    if (input !== lastText) {
      lastText = input;
      lastInstant = parseIsoInstant(input);
    }
    return lastInstant;
  };
}

function openLane(catalogue: Catalogue, source: Source | null, indicator: string): Lane | Refusal {
  const definition = catalogue.definitions.get(indicator);
  if (definition === undefined) return { code: 'unknown_indicator', path: 'indicator', message: `No indicator "${indicator.slice(0, 100)}" in the catalogue.` };
  const declared = source?.indicators[indicator];
  const convert = declared?.unit === undefined ? { factor: 1, offset: 0 } : conversion(declared.unit, definition.unit);
  if (convert === null)
    return { code: 'source_mismatch', path: 'indicator', message: `Source "${source?.id}" sends "${indicator}" in ${declared?.unit}, which is no ${definition.unit}.` };
  const stampedAt = declared?.stampedAt ?? source?.stampedAt ?? 'start';
  return {
    indicator,
    grain: definition.grain,
    ...convert,
    stampShiftMs: stampedAt === 'end' ? definition.interval : 0,
    defaultQuality: declared?.quality,
    range: definition.validRange,
    facets: new Set(definition.facets.map((facet) => facet.id)),
    places: new Map(),
    faceted: new Map(),
  };
}

function refusePlace(catalogue: Catalogue, lane: Lane, id: string): Refusal | null {
  const place = catalogue.places.get(id);
  if (place === undefined) return { code: 'unknown_place', path: 'place', message: `No place "${id.slice(0, 100)}" in the catalogue.` };
  if (place.kind !== lane.grain)
    return { code: 'wrong_grain', path: 'place', message: `"${lane.indicator}" is stored for places of kind ${lane.grain}; "${id}" is a ${place.kind}.` };
  return null;
}

interface PlainReading {
  indicator: string;
  place: string;
  facet?: string | null;
  observedAt: string | number;
  value: number;
  quality?: Quality;
  qualityReason?: QualityReason;
}

/** The common case, decided without a schema: it must accept nothing that `readingInputSchema` refuses. */
function isPlainReading(input: unknown): input is PlainReading {
  if (typeof input !== 'object' || input === null) return false;
  const r = input as Record<string, unknown>;
  const observedAt = typeof r['observedAt'];
  return (
    typeof r['indicator'] === 'string' &&
    typeof r['place'] === 'string' &&
    (r['facet'] === undefined || r['facet'] === null || typeof r['facet'] === 'string') &&
    (observedAt === 'string' || observedAt === 'number') &&
    typeof r['value'] === 'number' &&
    Number.isFinite(r['value']) &&
    (r['quality'] === undefined || qualities.includes(r['quality'] as Quality)) &&
    (r['qualityReason'] === undefined || qualityReasons.includes(r['qualityReason'] as QualityReason))
  );
}

/** Why a reading of the wrong shape is refused. */
function explain(input: unknown): Refusal {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
    const value = (input as { value?: unknown }).value;
    const isNumber = typeof value === 'number';
    if ((isNumber && !Number.isFinite(value)) || value === 'NaN' || value === 'Infinity' || value === '-Infinity')
      return { code: 'not_finite', path: 'value', message: 'The value must be a finite number, not NaN or Infinity.' };
  }
  const result = readingInputSchema.safeParse(input);
  const issue = result.error?.issues[0];
  const path = issue?.path.join('.') ?? '';
  const isMissing = issue?.code === 'invalid_type' && typeof input === 'object' && input !== null && !(String(issue.path[0]) in input);
  return { code: isMissing ? 'missing_field' : 'wrong_type', path, message: isMissing ? `"${path}" is missing.` : (issue?.message ?? 'The reading must be an object.') };
}
