/** Whether what a CSV mapping names fits the rest of the folder: its indicators, places and facets. Pure. */
import type { Problem } from './catalogue.ts';
import type { CsvMapping } from './csv-schema.ts';
import type { Knowledge } from './knowledge.ts';
import { type Found, type Keys, problemAt } from './problems.ts';
import type { Source } from './source-schema.ts';

/** What is named where; `indicator` where it is known of which one a place or facet is said. */
interface Named {
  keys: Keys;
  id: string;
  indicator?: string | undefined;
}

export function checkCsv(source: Found<Source>, mapping: CsvMapping, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  const { indicators, places, facets } = namedIn(mapping);
  const at = (keys: Keys, message: string): void => void problems.push(problemAt(source, ['csv', ...keys], message));
  for (const { keys, id } of indicators) {
    const unknown = knowledge.unknown('indicator', id);
    if (unknown !== null) at(keys, unknown);
  }
  for (const { keys, id, indicator } of places) {
    const unknown = knowledge.unknown('place', id);
    const kind = knowledge.places.get(id)?.kind;
    const definition = indicator === undefined ? undefined : knowledge.indicators.get(indicator);
    if (unknown !== null) at(keys, unknown);
    else if (kind !== undefined && definition !== undefined && kind !== definition.grain)
      at(keys, `${id} is a ${kind}, but ${definition.id} is stored for places of kind ${definition.grain}`);
  }
  for (const { keys, id, indicator } of facets) {
    const definition = indicator === undefined ? undefined : knowledge.indicators.get(indicator);
    if (definition === undefined || definition.facets.some((facet) => facet.id === id)) continue;
    at(keys, `${definition.id} has no facet ${JSON.stringify(id)}; known: ${definition.facets.map((facet) => facet.id).join(', ') || 'none'}`);
  }
  return problems;
}

function namedIn(mapping: CsvMapping): { indicators: Named[]; places: Named[]; facets: Named[] } {
  const only = typeof mapping.indicator === 'string' ? mapping.indicator : undefined;
  const named = (key: 'place' | 'indicator' | 'facet', indicator?: string): Named[] => {
    const declared = mapping[key];
    if (declared === undefined) return [];
    if (typeof declared === 'string') return [{ keys: [key], id: declared, indicator }];
    return Object.entries(declared.ids).map(([text, id]) => ({ keys: [key, 'ids', text], id, indicator }));
  };
  const found = { indicators: named('indicator'), places: named('place', only), facets: named('facet', only) };
  for (const [i, { indicator, place, facet }] of (mapping.values ?? []).entries()) {
    found.indicators.push({ keys: ['values', i, 'indicator'], id: indicator });
    if (place !== undefined) found.places.push({ keys: ['values', i, 'place'], id: place, indicator });
    if (facet !== undefined) found.facets.push({ keys: ['values', i, 'facet'], id: facet, indicator });
  }
  return found;
}
