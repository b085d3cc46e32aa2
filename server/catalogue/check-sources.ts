/** Whether what a source says fits the rest of the folder: its indicators, their units, and what its topics name. Pure. */
import { HTTP_SOURCE_ID } from '../contract/index.ts';
import type { Problem } from './catalogue.ts';
import { checkCsv } from './check-csv.ts';
import type { Knowledge } from './knowledge.ts';
import { namedIds } from './mapping-text.ts';
import type { NumberTopic } from './mqtt-schema.ts';
import { type Found, type Keys, problemAt } from './problems.ts';
import type { MqttSource, Source } from './source-schema.ts';
import { bareFilter } from './topic-filter.ts';
import { conversion, unitIds } from './units.ts';

export function checkSource(source: Found<Source>, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  if (source.value.id === HTTP_SOURCE_ID)
    problems.push(problemAt(source, ['id'], `"${HTTP_SOURCE_ID}" stands for readings that are sent without a source; give this source another id`));
  for (const [id, sent] of Object.entries(source.value.indicators)) {
    const unknown = knowledge.unknown('indicator', id);
    if (unknown !== null) problems.push(problemAt(source, ['indicators', id], unknown));
    const own = knowledge.indicators.get(id)?.unit;
    if (own === undefined || sent.unit === undefined || conversion(sent.unit, own) !== null) continue;
    const possible = unitIds.filter((unit) => conversion(unit, own) !== null);
    problems.push(problemAt(source, ['indicators', id, 'unit'], `${sent.unit} cannot be converted to ${own}, the unit of ${id}; possible: ${possible.join(', ')}`));
  }
  for (const [measurement, id] of Object.entries(source.value.lineProtocol?.measurements ?? {})) {
    const unknown = knowledge.unknown('indicator', id);
    if (unknown !== null) problems.push(problemAt(source, ['lineProtocol', 'measurements', measurement], unknown));
  }
  if (source.value.kind === 'mqtt') problems.push(...checkTopics({ ...source, value: source.value }, knowledge));
  if ((source.value.kind === 'push' || source.value.kind === 'csv_drop') && source.value.csv !== undefined) problems.push(...checkCsv(source, source.value.csv, knowledge));
  return problems;
}

function checkTopics(source: Found<MqttSource>, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  const firsts = new Map<string, number>();
  for (const [i, topic] of source.value.topics.entries()) {
    const bare = bareFilter(topic.topic);
    const first = firsts.get(bare);
    if (first === undefined) firsts.set(bare, i);
    else problems.push(problemAt(source, ['topics', i, 'topic'], `is taken by topics[${first}] already: no message would reach this entry`));
    switch (topic.payload) {
      case 'number':
        problems.push(...checkNumberTopic(source, { topic, keys: ['topics', i] }, knowledge));
        break;
      case 'json':
        if (topic.mapping !== undefined) problems.push(...checkMapping(source, { mapping: topic.mapping, keys: ['topics', i, 'mapping'] }, knowledge));
        break;
      case 'line':
        break;
    }
  }
  return problems;
}

function checkNumberTopic(source: Found<MqttSource>, { topic, keys }: { topic: NumberTopic; keys: Keys }, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  const at = (below: Keys, message: string): void => void problems.push(problemAt(source, [...keys, ...below], message));
  const unknown = knowledge.unknown('indicator', topic.indicator);
  if (unknown !== null) at(['indicator'], unknown);
  const indicator = knowledge.indicators.get(topic.indicator);
  const named: { keys: Keys; place: string }[] = [
    ...(topic.place === undefined ? [] : [{ keys: ['place'], place: topic.place }]),
    ...Object.entries(topic.places).map(([level, place]) => ({ keys: ['places', level], place })),
  ];
  for (const { keys: below, place } of named) {
    const kind = knowledge.places.get(place)?.kind;
    const strange = knowledge.unknown('place', place);
    if (strange !== null) at(below, strange);
    else if (kind !== undefined && indicator !== undefined && kind !== indicator.grain)
      at(below, `${place} is a ${kind}, but ${indicator.id} is stored for places of kind ${indicator.grain}`);
  }
  if (topic.facet === undefined || indicator === undefined || indicator.facets.some(({ id }) => id === topic.facet)) return problems;
  at(['facet'], `${indicator.id} has no facet ${JSON.stringify(topic.facet)}; known: ${indicator.facets.map(({ id }) => id).join(', ') || 'none'}`);
  return problems;
}

function checkMapping(source: Found<MqttSource>, { mapping, keys }: { mapping: string; keys: Keys }, knowledge: Knowledge): Problem[] {
  const named = namedIds(mapping);
  return (['indicator', 'place'] as const).flatMap((kind) =>
    named[kind].flatMap((id) => {
      const unknown = knowledge.unknown(kind, id);
      return unknown === null ? [] : [problemAt(source, keys, unknown)];
    }),
  );
}
