/**
 * What the cross-checks may ask of a draft: is this id known, what is behind it, where does a place lie. An id whose own entry is
 * wrong is known but has nothing behind it; checks that would need it are then left out, as its own problem is reported already.
 */
import type { Bilingual } from '../contract/index.ts';
import type { Draft, EntryKind } from './draft.ts';
import { nearest } from './near.ts';
import type { IndicatorDefinition, Rule } from './schema.ts';
import { liesIn, type PlaceNode } from './scope.ts';

export interface Knowledge {
  /** A message when no entry of the kind has the id, else null; null too when one might have it that could not be read. */
  unknown(kind: EntryKind, id: string): string | null;
  readonly indicators: ReadonlyMap<string, IndicatorDefinition>;
  readonly rules: ReadonlyMap<string, Rule>;
  /** All places that passed their schema; the city is the root, and the parent of every region without one. */
  readonly places: ReadonlyMap<string, PlaceNode>;
  /** True when a place of the kind lies in `area` or is it, or when that cannot be told. */
  holds(area: string, kind: string): boolean;
}

const homes: Record<EntryKind, string> = {
  department: 'the file that departments of city.yaml names',
  indicator: 'indicators/*.yaml',
  place: 'places/ (or the city’s own id)',
  rule: 'rules/*.yaml',
  source: 'sources/*.yaml',
  wall: 'walls/*.yaml',
};

/** The first entry with an id wins; a second one is reported as a duplicate elsewhere. */
function byId<T extends { id: string }>(found: readonly { value: T }[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const { value } of found) if (!map.has(value.id)) map.set(value.id, value);
  return map;
}

function placesOf(draft: Draft): Map<string, PlaceNode> {
  const places = new Map<string, PlaceNode>();
  const add = (id: string, node: PlaceNode): void => {
    if (!places.has(id)) places.set(id, node);
  };
  const root = draft.city?.value.id ?? null;
  if (root !== null) add(root, { kind: 'city', parent: null });
  for (const { value } of draft.regions) add(value.properties.id, { kind: 'region', parent: value.properties.parent ?? root });
  for (const { value } of draft.stations) add(value.id, { kind: value.kind, parent: value.parent });
  return places;
}

export function knowledgeOf(draft: Draft): Knowledge {
  const ids = new Map<EntryKind, Set<string>>();
  for (const { kind, id } of draft.declared) ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
  const places = placesOf(draft);
  const placesInDoubt = draft.inDoubt.has('place') || [...(ids.get('place') ?? [])].some((id) => !places.has(id));
  const messages = new Map<string, string>();

  function describe(kind: EntryKind, id: string): string {
    const known = ids.get(kind) ?? new Set<string>();
    const near = nearest(id, known);
    if (near !== null) return `unknown ${kind} ${JSON.stringify(id)}; did you mean ${JSON.stringify(near)}?`;
    return `unknown ${kind} ${JSON.stringify(id)}; ${known.size > 0 && known.size <= 12 ? `known: ${[...known].join(', ')}` : `it must be defined in ${homes[kind]}`}`;
  }

  return {
    indicators: byId(draft.indicators),
    rules: byId(draft.rules),
    places,
    unknown(kind, id) {
      if (draft.inDoubt.has(kind) || ids.get(kind)?.has(id)) return null;
      // One misspelt word in a table of thousands of stations is looked for once.
      const key = `${kind} ${id}`;
      const message = messages.get(key) ?? describe(kind, id);
      messages.set(key, message);
      return message;
    },
    holds: (area, kind) => placesInDoubt || [...places].some(([id, node]) => node.kind === kind && liesIn(id, area, places)),
  };
}

export const bothNames = (name: Bilingual): string => `${name.zh} / ${name.en}`;
