/**
 * What can be told of a mapping (a JSONata expression) by reading it: whether it parses, whether each name it calls exists, and which
 * indicators and places it names outright. A typo is found when the folder is checked, not by the first message at night.
 */
import jsonata from 'jsonata';
import { nearest } from './near.ts';

/** Names that are bound when a mapping is evaluated, beside those of JSONata itself. */
export const mappingVariables = ['topic', 'topicText', 'receivedAt', 'localTime'] as const;

/** What JSONata brings along. */
const builtIn = new Set(
  `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join
  formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys
  lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl
  decodeUrlComponent decodeUrl eval toMillis fromMillis clone now millis`.split(/\s+/),
);

/** A mapping is compiled with some bounds, but parsed without: nothing runs here. */
function parse(text: string): { ast: unknown } | { message: string } {
  try {
    return { ast: jsonata(text).ast() };
  } catch (error) {
    const { message, position } = error as { message?: unknown; position?: unknown };
    const at = typeof position === 'number' ? ` (at character ${position})` : '';
    return { message: `is no JSONata expression: ${typeof message === 'string' ? message : String(error)}${at}` };
  }
}

/** What is wrong with the text, or null. */
export function mappingProblem(text: string): string | null {
  const parsed = parse(text);
  if ('message' in parsed) return parsed.message;
  const known = new Set<string>([...builtIn, ...mappingVariables, '', '$']);
  const used: string[] = [];
  for (const node of nodesOf(parsed.ast)) {
    for (const name of boundBy(node)) known.add(name);
    if (node['type'] === 'variable' && typeof node['value'] === 'string') used.push(node['value']);
  }
  const stranger = used.find((name) => !known.has(name));
  if (stranger === undefined) return null;
  const near = nearest(stranger, known);
  return `knows no $${stranger}${near === null ? '' : `; did you mean $${near}?`}`;
}

/** The ids that a mapping writes out as texts behind the keys `indicator` and `place`; what it computes is not among them. */
export function namedIds(text: string): { indicator: string[]; place: string[] } {
  const named = { indicator: new Set<string>(), place: new Set<string>() };
  const parsed = parse(text);
  if ('ast' in parsed) {
    for (const node of nodesOf(parsed.ast)) {
      if (node['type'] !== 'unary' || node['value'] !== '{' || !Array.isArray(node['lhs'])) continue;
      for (const pair of node['lhs'] as unknown[]) {
        const [key, value] = Array.isArray(pair) ? pair.map(literal) : [];
        if ((key === 'indicator' || key === 'place') && typeof value === 'string') named[key].add(value);
      }
    }
  }
  return { indicator: [...named.indicator], place: [...named.place] };
}

type Node = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every node of a parsed expression. Without recursion: an expression may be nested deeply. */
function* nodesOf(ast: unknown): Generator<Node> {
  const seen = new Set<object>();
  const open: unknown[] = [ast];
  while (open.length > 0) {
    const next = open.pop();
    if (!isObject(next) || seen.has(next) || next instanceof RegExp) continue;
    seen.add(next);
    if (!Array.isArray(next)) yield next as Node;
    open.push(...Object.values(next));
  }
}

/** The variables that a node brings in: an assignment, the arguments of a function, `@$name` and `#$name`. */
function boundBy(node: Node): string[] {
  const names: unknown[] = [node['focus'], node['index']];
  if (node['type'] === 'bind' && isObject(node['lhs'])) names.push((node['lhs'] as Node)['value']);
  if (node['type'] === 'index') names.push(node['value']);
  if (node['type'] === 'lambda' && Array.isArray(node['arguments']))
    names.push(...node['arguments'].map((argument: unknown) => (isObject(argument) ? (argument as Node)['value'] : null)));
  return names.filter((name) => typeof name === 'string');
}

/** The text of a node that is a plain text. */
function literal(node: unknown): unknown {
  return isObject(node) && (node as Node)['type'] === 'string' ? (node as Node)['value'] : undefined;
}
