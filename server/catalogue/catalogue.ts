/**
 * The catalogue: everything a city's folder says, checked and frozen. Made by `load.ts`; nothing else makes or changes one.
 * A catalogue is whole and consistent by construction, so nobody inside asks again whether a rule's indicator exists.
 */
import type { Bilingual, Indicator, Place, RuleSummary } from '../contract/index.ts';
import type { CalendarFile, CityFile, DepartmentsFile, IndicatorDefinition, Rule, Station, Wall } from './schema.ts';
import type { Source } from './source-schema.ts';

/** One thing that is wrong in a city's folder: where, and what would be right. */
export interface Problem {
  /** Path relative to the city's folder. */
  file: string;
  /** Key path inside the file: `rules[2].limits[0].value`; empty for the file as a whole. For a CSV: `row 12, column longitude`. */
  path: string;
  message: string;
}

export interface ExpectedSeries {
  indicator: string;
  place: string;
  facet: string | null;
}

/** Frozen to its depth; two versions of a catalogue share nothing that changes. */
export interface Catalogue {
  /** SHA-256 of every file's name and content, hex: two servers with the same version say the same. */
  readonly version: string;
  /** Folder it was read from, absolute. */
  readonly directory: string;
  /** Every file's text, for the store's record of catalogue versions. */
  readonly files: Readonly<Record<string, string>>;
  readonly city: CityFile;
  readonly calendar: CalendarFile | null;
  readonly places: ReadonlyMap<string, Place>;
  readonly stations: ReadonlyMap<string, Station>;
  /** Indicators as the wire shows them, and as the YAML defines them. */
  readonly indicators: ReadonlyMap<string, Indicator>;
  readonly definitions: ReadonlyMap<string, IndicatorDefinition>;
  readonly domains: ReadonlyMap<string, Bilingual>;
  readonly departments: ReadonlyMap<string, DepartmentsFile['departments'][number]>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly ruleSummaries: readonly RuleSummary[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly walls: ReadonlyMap<string, Wall>;
  /** Series the city says must exist; one that never gets a reading is *missing*, not absent. */
  readonly expectedSeries: readonly ExpectedSeries[];
  /** Regions' shapes as GeoJSON text, for the map. */
  readonly regionsGeoJson: string | null;
}

export type LoadResult = { ok: true; catalogue: Catalogue } | { ok: false; problems: Problem[] };
