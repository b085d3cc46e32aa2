/**
 * The catalogue below the wall: which indicators a group, a search or neither brings up, and in which order the places of one stand. The
 * address holds where one is: `?group=` (a group's id, or `*` for all), `?find=` (searched over the whole catalogue), `?list=` (the
 * indicator whose places are shown). Pure.
 */
import type { Bilingual, CityAnswer, Indicator } from '../../server/contract/index.ts';
import { type Candidate, candidateOf, isWorse } from './tile.ts';
import type { Moment, Vital } from './vitals.ts';

/** Of the address: every indicator there is. No group can be called so. */
export const ALL = '*';

export interface Section {
  /** The domain's id. */
  id: string;
  name: Bilingual;
  indicators: Indicator[];
}

export interface BrowseRequest {
  indicators: Iterable<Indicator>;
  groups: CityAnswer['groups'];
  /** A group's id or `ALL`. */
  group: string;
  /** What is searched for; with it the group does not matter. */
  find: string;
}

/** Full-width letters and digits, as a Chinese keyboard gives them, are the same as ours. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether every word of `find` is in the indicator's names, its domain's, or its id. */
export function matches(indicator: Indicator, find: string): boolean {
  const { id, name, domainName } = indicator;
  const text = plain([id, name.zh, name.en, domainName.zh, domainName.en].join('\n'));
  return plain(find)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Indicators in service by domain: domains in the order of their groups, then of the catalogue. */
export function sectionsOf({ indicators, groups, group, find }: BrowseRequest): Section[] {
  const isWanted = (one: Indicator): boolean => !one.retired && (find.trim() === '' ? group === ALL || one.group === group : matches(one, find.trim()));
  const sections = new Map<string, Section & { rank: number }>();
  for (const one of indicators) {
    if (!isWanted(one)) continue;
    const known = sections.get(one.domain);
    if (known !== undefined) {
      known.indicators.push(one);
      continue;
    }
    const rank = groups.findIndex(({ id }) => id === one.group);
    sections.set(one.domain, { id: one.domain, name: one.domainName, indicators: [one], rank: rank === -1 ? groups.length : rank });
  }
  return [...sections.values()].sort((a, b) => a.rank - b.rank).map(({ id, name, indicators: found }) => ({ id, name, indicators: found }));
}

/** The series of one indicator, the worst first. */
export function worstFirst(vitals: readonly Vital[], moment: Moment): Candidate[] {
  return vitals.map((vital) => candidateOf(vital, moment)).sort((a, b) => (isWorse(a, b) ? -1 : isWorse(b, a) ? 1 : 0));
}
