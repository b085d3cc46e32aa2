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
  /** Where the readings of an indicator, place and facet go: looked up once, `admitTo` then looks nothing up. */
  targetOf(indicator: string, place: string, facet: string | null): Target | Refusal;
  admitTo(target: Target, reading: TargetReading): Refusal | null;
  /** Series that must be made; the n-th stands in the batch as placeholder −1−n. */
  readonly missing: SeriesKey[];
  readonly batch: BatchBuilder;
}

/** A series, as this admission knows it; of no use to another one. */
export interface Target {
  readonly lane: Lane;
  /** Number of the series, or its placeholder. */
  readonly series: number;
}

type TargetReading = Pick<Candidate, 'observedAt' | 'value' | 'quality' | 'reason'>;

interface Lane {
  indicator: string;
  grain: string;
  factor: number;
  offset: number;
  stampShiftMs: number;
  /** What a reading says of its quality that says nothing itself. */
  unsaid: { quality: Quality | undefined; reason: undefined };
  range: { min?: number | undefined; max?: number | undefined } | undefined;
  facets: ReadonlySet<string>;
  /** By place, for readings without facet. */
  places: Map<string, Target>;
  faceted: Map<string, Target>;
}

/** `earliest`: readings before it are beyond the raw horizon, epoch ms. */
export function createAdmission(context: { catalogue: Catalogue; registry: SeriesRegistry; source: Source | null; now: number; earliest: number }): Admission {
  const { catalogue, registry, source, now, earliest } = context;
  const batch = createBatchBuilder();
  const missing: SeriesKey[] = [];
  const lanes = new Map<string, Lane | Refusal>();
  const bounds = { earliest: Math.max(earliest, EARLIEST_MS), latest: now + AHEAD_MS };

  const makeTarget = (lane: Lane, place: string, facet: string | null): Target | Refusal => {
    const refusal = refusePlace(catalogue, lane, place);
    if (refusal !== null) return refusal;
    if (facet !== null && !lane.facets.has(facet)) {
      return { code: 'unknown_facet', path: 'facet', message: `"${lane.indicator}" has no facet "${facet}"; known: ${[...lane.facets].join(', ') || 'none'}.` };
    }
    const known = registry.find(lane.indicator, place, facet);
    if (known !== undefined) return { lane, series: known.id };
    missing.push({ indicator: lane.indicator, place, facet });
    return { lane, series: -missing.length };
  };

  const targetOf = (indicator: string, place: string, facet: string | null): Target | Refusal => {
    let lane = lanes.get(indicator);
    if (lane === undefined) {
      lane = openLane(catalogue, source, indicator);
      lanes.set(indicator, lane);
    }
    if ('code' in lane) return lane;
    const map = facet === null ? lane.places : lane.faceted;
    const key = facet === null ? place : `${place}\u0000${facet}`;
    const known = map.get(key);
    if (known !== undefined) return known;
    const made = makeTarget(lane, place, facet);
    if (!('code' in made)) map.set(key, made);
    return made;
  };

  const admitTo = ({ lane, series }: Target, reading: TargetReading): Refusal | null => {
    const observedAt = reading.observedAt - lane.stampShiftMs;
    if (observedAt < bounds.earliest || observedAt > bounds.latest) return refuseTime(observedAt, reading.observedAt, bounds);
    const value = reading.value * lane.factor + lane.offset;
    if (!Number.isFinite(value)) return { code: 'not_finite', path: 'value', message: 'The value must be a finite number.' };
    const isUnsaid = reading.quality === undefined && reading.reason === undefined;
    const sent = isUnsaid ? lane.unsaid : { quality: reading.quality ?? lane.unsaid.quality, reason: reading.reason };
    batch.add({ series, observedAt, value, quality: judgeQuality(value, sent, lane.range) });
    return null;
  };

  const admit = (candidate: Candidate): Refusal | null => {
    const target = targetOf(candidate.indicator, candidate.place, candidate.facet);
    return 'code' in target ? target : admitTo(target, candidate);
  };

  const instantOf = createInstantReader();
  return {
    missing,
    batch,
    admit,
    targetOf,
    admitTo,
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

/** Why a reading outside of `bounds` is refused; `sentAt` is its time as it was sent. */
function refuseTime(observedAt: number, sentAt: number, { earliest, latest }: { earliest: number; latest: number }): Refusal {
  if (observedAt < EARLIEST_MS) return { code: 'time_too_early', path: 'observedAt', message: `The time is before 1990; is it in milliseconds? (${sentAt})` };
  if (observedAt > latest) return { code: 'time_ahead', path: 'observedAt', message: 'The time is more than 10 minutes ahead of the server’s clock.' };
  return { code: 'too_old', path: 'observedAt', message: `The time is before ${new Date(earliest).toISOString()}, the raw horizon: send aggregates of it to /api/v1/rollups.` };
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
    unsaid: { quality: declared?.quality, reason: undefined },
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
