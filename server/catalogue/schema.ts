/**
 * What a city's folder may say: one zod schema for each kind of file. The schemas check one file each; what needs two files
 * (a rule's indicator, a station's region) is checked in `cross-check.ts`. The same schemas become the JSON Schemas for editors,
 * so every description here is read by people who edit YAML.
 *
 * Objects are strict: a misspelt key is an error, not a silence.
 */
import { z } from 'zod';
import { indicatorKindSchema, type Level, levelSchema, levels, placeKindSchema } from '../contract/index.ts';
import { bounds, durationSchema, id, isTimeZone, latitude, longitude, name, positiveDuration, quoted, relativePath, unit } from './schema-parts.ts';

/** How long each form of a series is kept; what is not named is kept for ever. */
const retention = z
  .strictObject({
    raw: positiveDuration.optional().describe('Readings as they came.'),
    '1m': positiveDuration.optional().describe('Minutes.'),
    '1h': positiveDuration.optional().describe('Hours.'),
    '1d': positiveDuration.optional().describe('Days of the city.'),
  })
  .describe('How long each form of a series is kept; a longer form must not be kept for less time than a finer one.');

/** A zoom level of tiles. */
const zoom = z.number().int().min(0).max(22);

// ---- city.yaml ------------------------------------------------------------------------------------------------------------
export const citySchema = z.strictObject({
  id,
  name,
  timeZone: z
    .string()
    .refine(isTimeZone, { error: (issue) => `must be an IANA time zone such as Asia/Shanghai, not ${quoted(issue.input)}` })
    .describe('The IANA time zone of the city: its days, hours and charts. Fixed once data are stored.'),
  languages: z
    .array(z.enum(['zh', 'en']))
    .min(1)
    .describe('Languages offered on the page; the first is the default.'),
  center: z.tuple([longitude, latitude]).describe('Where the map opens: longitude, latitude.'),
  zoom: z.number().min(1).max(20).default(10),
  bounds: bounds.describe('The part of the map that may be looked at: west, south, east, north.'),
  calendar: relativePath.optional().describe('The file of holidays, make-up workdays, school terms and shifts.'),
  departments: relativePath.optional().describe('The file of departments and their duties.'),
  groups: z.array(z.strictObject({ id, name })).default([]).describe('What the domains of indicators are shown under, in this order. The order is memory: keep it.'),
  simulatedLabel: name.optional().describe('Shown permanently when the data are not the city’s present: a demonstration, a drill, a replay.'),
  basemap: z
    .strictObject({
      attribution: name,
      tiles: z
        .strictObject({ file: relativePath, minZoom: zoom, maxZoom: zoom })
        .refine(({ minZoom, maxZoom }) => minZoom <= maxZoom, 'minZoom must not be above maxZoom')
        .optional()
        .describe('Vector tiles in one PMTiles file, drawn below the layers: water, waterway, green, relief, urban, road, rail, metro, building, place.'),
      layers: z.array(z.strictObject({ id, kind: z.enum(['land', 'water', 'green', 'boundary', 'road', 'label']), file: relativePath })).default([]),
    })
    .optional(),
  storage: z
    .strictObject({
      rawHorizon: positiveDuration.prefault('60d').describe('Readings older than this are refused as too_old; no bucket older than it is made anew.'),
      retention: retention.prefault({ raw: '90d', '1m': '400d', '1h': '3650d' }),
      compressAfter: positiveDuration.prefault('14d').describe('On TimescaleDB: readings older than this are compressed.'),
    })
    .prefault({})
    .describe('How long what is stored, for all indicators that say nothing else.'),
  views: z
    .array(z.strictObject({ place: id, name, bounds }))
    .default([])
    .describe('Parts of the map to jump to.'),
});

const hourMinute = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: (issue) => `must be a time of day such as 07:30, not ${quoted(issue.input)}` });

export const calendarSchema = z.strictObject({
  holidays: z.array(z.strictObject({ date: z.iso.date(), name })).default([]),
  workdays: z
    .array(z.strictObject({ date: z.iso.date(), name }))
    .default([])
    .describe('Make-up workdays (调休): weekend days that are worked.'),
  terms: z
    .array(z.strictObject({ from: z.iso.date(), to: z.iso.date().describe('The last day, included.'), name }).refine(({ from, to }) => from <= to, 'from must not be after to'))
    .default([])
    .describe('School terms.'),
  shifts: z
    .array(z.strictObject({ id, name, from: hourMinute, to: hourMinute.describe('May be earlier than from: then it runs past midnight.') }))
    .default([])
    .describe('Shifts of the duty room, in the city’s time.'),
});

/** The file that `departments` of city.yaml names. */
export const departmentsSchema = z.strictObject({
  departments: z.array(z.strictObject({ id, name, duties: name.describe('What it answers for, in a sentence.') })).min(1),
});

// ---- places ---------------------------------------------------------------------------------------------------------------
type Position = readonly number[];
const isDegrees = (position: Position): boolean => Math.abs(position[0] ?? 181) <= 180 && Math.abs(position[1] ?? 91) <= 90;
const samePoint = (a: Position | undefined, b: Position | undefined): boolean => a?.[0] === b?.[0] && a?.[1] === b?.[1];
/** One finding for a whole ring: a file in another projection would else give one for each of its thousands of points. */
const ring = z
  .array(z.array(z.number()))
  .min(4)
  .refine((points) => points.every(isDegrees), 'must be longitude, latitude in degrees (WGS 84); at least one point is not')
  .refine((points) => samePoint(points[0], points.at(-1)), 'must be closed: the last point must repeat the first');
const polygon = z.array(ring).min(1);
const geometry = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('Polygon'), coordinates: polygon }),
  z.looseObject({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1) }),
]);
export const regionSchema = z.looseObject({
  type: z.literal('Feature'),
  geometry,
  properties: z.looseObject({ id, name_zh: z.string().min(1), name_en: z.string().min(1), parent: id.nullish(), note_zh: z.string().optional(), note_en: z.string().optional() }),
});
/** `places/regions.geojson`: a FeatureCollection of named areas. Loose, as GeoJSON tools add members of their own. */
export const regionsSchema = z.looseObject({ type: z.literal('FeatureCollection'), features: z.array(regionSchema) });

/** One row of `places/stations.csv`, or one entry of `places/stations.yaml`. */
export const stationSchema = z.strictObject({
  id,
  name,
  kind: z.enum(['station', 'facility']).default('station'),
  parent: id.describe('The region (or the city) it lies in.'),
  longitude,
  latitude,
  note: name.optional().describe('What a person would add in brackets, such as the true city of a recording.'),
  indicators: z.array(id).default([]).describe('The indicators that are expected here: one that never arrives is shown as missing.'),
  limits: z.record(id, z.partialRecord(levelSchema, z.number())).optional().describe('This place’s own limits by rule id; they replace the rule’s.'),
});
export const stationsSchema = z.strictObject({ stations: z.array(stationSchema) });

// ---- indicators/*.yaml ----------------------------------------------------------------------------------------------------
export const indicatorDefinitionSchema = z.strictObject({
  id,
  name,
  unit,
  kind: indicatorKindSchema.describe('gauge: a level at an instant; interval_count: events in an interval; cumulative: a counter; rate: a share; index: a computed figure.'),
  grain: placeKindSchema.describe('The kind of place it is stored at; readings for other kinds are refused.'),
  fold: z.enum(['sum', 'mean', 'max', 'min', 'none']).describe('How several places become one of a larger place.'),
  coverage: z.number().min(0).max(1).default(0.5).describe('Folded over several places: the share of them that must be known, else the fold is unknown.'),
  retention: retention.optional().describe('Where it differs from the city’s.'),
  interval: positiveDuration.describe('Expected distance between readings.'),
  staleAfter: positiveDuration.describe('Older than this, the newest reading no longer tells the present. Longer than the interval.'),
  worse: z.enum(['high', 'low', 'both']).default('high'),
  decimals: z.number().int().min(0).max(6).default(0),
  validRange: z
    .strictObject({ min: z.number().optional(), max: z.number().optional() })
    .refine(({ min, max }) => min === undefined || max === undefined || min < max, 'min must be below max')
    .optional()
    .describe('Physically possible values; a reading outside is kept as bad.'),
  facets: z.array(z.strictObject({ id, name })).default([]),
  expectedAt: z
    .array(id)
    .default([])
    .describe('Places where it is expected, for indicators of regions and of the city. A larger place stands for every place of the grain inside it.'),
  mapStyle: z.enum(['column', 'dot']).default('dot'),
});
export const indicatorsSchema = z.strictObject({
  domain: z.strictObject({ id, name, group: id.optional().describe('The group of city.yaml that it is shown under.') }),
  indicators: z.array(indicatorDefinitionSchema).min(1),
});

// ---- rules/*.yaml ---------------------------------------------------------------------------------------------------------
const levelsRise = (list: readonly { level: Level }[]): boolean =>
  list.every((limit, i) => i === 0 || levels.indexOf(limit.level) > levels.indexOf(list[i - 1]?.level ?? limit.level));
const levelOrder = 'levels must rise: blue, yellow, orange, red; each at most once';
const limits = z
  .array(z.strictObject({ level: levelSchema, value: z.number() }))
  .min(1)
  .max(4)
  .refine(levelsRise, levelOrder)
  .describe('One to four limits from the least to the worst level; gaps are allowed.');

const scope = z.strictObject({
  indicator: id,
  places: z.array(id).min(1).optional().describe('Only these places, or places inside these regions; default: every place of the grain.'),
  facets: z.array(id).min(1).optional().describe('Only these facets of the indicator; default: every series of it.'),
});

const rationale = z.strictObject({
  cause: name.optional(),
  consequence: name.optional(),
  response: name.optional(),
  timeToRespond: durationSchema.optional(),
  owner: z.union([id, name], { error: 'must be the id of a department, or a name in zh and en' }).optional().describe('The department that acts: its id, or a name.'),
  evidence: z.string().optional(),
});

const hours = z
  .strictObject({
    from: hourMinute,
    to: hourMinute.describe('May be earlier than from: then it runs past midnight.'),
    days: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'workday', 'holiday']))
      .min(1)
      .optional(),
  })
  .refine(({ from, to }) => from !== to, 'from and to must differ (00:00 to 24:00 is the whole day)');

const common = {
  id,
  name,
  deadband: z.number().nonnegative().default(0).describe('How far a value must come back past a limit before it counts as clear.'),
  holdFor: durationSchema.prefault('0s').describe('How long a breach must last before the alert fires.'),
  keepFiringFor: durationSchema.prefault('0s').describe('How long after clearing the alert still fires.'),
  mOfN: z
    .strictObject({ m: z.number().int().positive(), n: z.number().int().positive() })
    .refine(({ m, n }) => m <= n, 'm must not be more than n')
    .optional()
    .describe('Breached means m of the last n readings.'),
  activeHours: z.array(hours).min(1).optional().describe('When the rule counts, in the city’s time; default: always.'),
  modes: z
    .record(id, z.strictObject({ limits: limits.optional(), holdFor: durationSchema.optional(), disabled: z.boolean().optional() }))
    .optional()
    .describe('What changes while a mode (flood season, typhoon) is on.'),
  group: id.optional().describe('Rules of one group become one incident.'),
  lifeSafety: z.boolean().default(false).describe('Never hidden, whatever is being grouped or shelved.'),
  plan: relativePath.optional().describe('The response plan (Markdown).'),
  rationale: rationale.optional(),
  disabled: z.boolean().default(false),
};
const direction = z.enum(['above', 'below']).describe('above: breached when the value is at or over the limit; below: at or under it.');

const thresholdRule = z.strictObject({ ...common, kind: z.literal('threshold'), scope, direction, limits });
const ratioRule = z.strictObject({
  ...common,
  kind: z.literal('ratio'),
  scope,
  direction,
  limits,
  minValue: z.number().describe('Below this value nothing fires: one call must not become three times normal.'),
});
const deviationRule = z.strictObject({ ...common, kind: z.literal('deviation'), scope, setPoint: z.number(), limits });
const rateRule = z.strictObject({ ...common, kind: z.literal('rate_of_change'), scope, direction, window: positiveDuration, limits });
const staleRule = z.strictObject({
  ...common,
  kind: z.literal('stale'),
  scope,
  limits: z
    .array(z.strictObject({ level: levelSchema, after: positiveDuration }))
    .min(1)
    .max(4)
    .refine(levelsRise, levelOrder),
});
const stuckRule = z.strictObject({ ...common, kind: z.literal('stuck'), scope, level: levelSchema, after: positiveDuration, tolerance: z.number().nonnegative().default(0) });
const countRule = z.strictObject({
  ...common,
  kind: z.literal('count'),
  of: id.describe('The rule whose firing places are counted.'),
  within: id.optional().describe('Inside this region.'),
  limits,
});
export type CompositeTerm = { rule: string; level?: 'blue' | 'yellow' | 'orange' | 'red' | undefined } | { all: CompositeTerm[] } | { any: CompositeTerm[] };
const compositeTerm: z.ZodType<CompositeTerm> = z.lazy(() =>
  z.union(
    [z.strictObject({ rule: id, level: levelSchema.optional() }), z.strictObject({ all: z.array(compositeTerm).min(1) }), z.strictObject({ any: z.array(compositeTerm).min(1) })],
    {
      error: (issue) => (issue.input === undefined ? undefined : 'must be one of {rule: …, level: …}, {all: […]} and {any: […]}'),
    },
  ),
);
const compositeRule = z.strictObject({ ...common, kind: z.literal('composite'), level: levelSchema, when: compositeTerm });

export const ruleSchema = z.discriminatedUnion('kind', [thresholdRule, ratioRule, deviationRule, rateRule, staleRule, stuckRule, countRule, compositeRule]);
export const rulesSchema = z.strictObject({ rules: z.array(ruleSchema) });
/** Rule kinds that this version evaluates. The others load, are listed as not active, and raise nothing. */
export const activeRuleKinds: ReadonlySet<string> = new Set(['threshold']);

// ---- walls/*.yaml ---------------------------------------------------------------------------------------------------------
export const wallSchema = z.strictObject({
  id,
  name,
  tiles: z
    .array(z.strictObject({ indicator: id, place: id.optional().describe('One place; default: the worst of all.') }))
    .min(1)
    .describe('The row of vital signs, in order. The order is memory: keep it.'),
});

export type CityFile = z.infer<typeof citySchema>;
export type Region = z.infer<typeof regionSchema>;
export type Station = z.infer<typeof stationSchema>;
export type IndicatorsFile = z.infer<typeof indicatorsSchema>;
export type IndicatorDefinition = z.infer<typeof indicatorDefinitionSchema>;
export type Rule = z.infer<typeof ruleSchema>;
export type ThresholdRule = z.infer<typeof thresholdRule>;
export type Wall = z.infer<typeof wallSchema>;
export type CalendarFile = z.infer<typeof calendarSchema>;
export type DepartmentsFile = z.infer<typeof departmentsSchema>;
