/**
 * Turns what zod finds into problems that a person who edits YAML can act on: the key path, and what would be right there.
 * Several findings about one mistake become one problem: a misspelt required key is not also reported as missing.
 */
import { z } from 'zod';
import type { Problem } from './catalogue.ts';
import { hint, nearest } from './near.ts';

export type Keys = readonly PropertyKey[];

/** Where a piece of a file is: `at` turns the keys inside the piece into the path a problem shows. */
export interface Whereabouts {
  file: string;
  at: (...keys: PropertyKey[]) => string;
}

/** A piece of a file that passed its schema, and where it is. */
export interface Found<T> extends Whereabouts {
  value: T;
}

/** `rules[2].limits[0].value`; keys that are no plain words are quoted: `limits["PM 2.5"]`. */
export function formatPath(keys: Keys): string {
  let path = '';
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(String(key))) path += path === '' ? String(key) : `.${String(key)}`;
    else path += `[${JSON.stringify(String(key))}]`;
  }
  return path;
}

/** A path maker for the piece of a file that begins at `prefix`. */
export const pathsFrom =
  (...prefix: PropertyKey[]) =>
  (...keys: PropertyKey[]): string =>
    formatPath([...prefix, ...keys]);

export function problemAt(where: Whereabouts, keys: Keys, message: string): Problem {
  return { file: where.file, path: where.at(...keys), message };
}

function show(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a mapping';
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  tuple: 'a list',
};

/** A schema's own message wins over this one; an undefined answer falls back to zod's. */
function messageFor(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = typeNames[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `is required: ${expected}` : `must be ${expected}, not ${show(issue.input)}`;
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (issue.input === undefined) return `is required: one of ${values.join(', ')}`;
      const near = typeof issue.input === 'string' ? nearest(issue.input, values) : null;
      return `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}; not ${show(issue.input)}${near === null ? '' : `; did you mean ${JSON.stringify(near)}?`}`;
    }
    case 'too_small':
    case 'too_big':
      return messageForSize(issue);
    case 'invalid_format':
      return issue.format === 'date' ? `must be a date such as 2026-10-01, not ${show(issue.input)}` : undefined;
    case 'unrecognized_keys':
      return JSON.stringify(knownKeys(issue.inst));
    case 'invalid_union':
      return messageForUnion(issue);
    default:
      return undefined;
  }
}

function messageForSize(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const tooSmall = issue.code === 'too_small';
  const bound = tooSmall ? Number(issue.minimum) : Number(issue.maximum);
  const inclusive = issue.inclusive !== false;
  if (issue.origin === 'string') return tooSmall ? 'must not be empty' : `must have at most ${bound} letters`;
  if (issue.origin === 'array') return `must have at ${tooSmall ? 'least' : 'most'} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  if (tooSmall) return `must be ${inclusive ? `${bound} or more` : `more than ${bound}`}, not ${show(issue.input)}`;
  return `must be ${inclusive ? `${bound} or less` : `less than ${bound}`}, not ${show(issue.input)}`;
}

function messageForUnion(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string | undefined {
  const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
  if (discriminator === undefined || options === undefined) return undefined;
  const kinds = options.map(String);
  const given = (issue.input as Record<string, unknown> | undefined)?.[discriminator];
  if (given === undefined) return `is required: one of ${kinds.join(', ')}`;
  return `must be one of ${kinds.join(', ')}; not ${show(given)}${typeof given === 'string' && nearest(given, kinds) !== null ? `; did you mean ${JSON.stringify(nearest(given, kinds))}?` : ''}`;
}

/** The keys a strict object or a record of fixed keys knows; carried to `expand` in the issue's message. */
function knownKeys(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String);
  return [];
}

interface Finding {
  keys: Keys;
  message: string;
  /** For a misspelt key: the key that was meant. */
  meant?: Keys;
}

/** Of the branches of a union the one that the writer most likely meant: the only one with the fewest mistakes at its own level. */
function likelyBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  const scores = branches.map((issues) => issues.reduce((sum, issue) => sum + (issue.path.length > 1 ? 0 : issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0));
  const best = Math.min(...scores);
  return scores.filter((score) => score === best).length === 1 ? (branches[scores.indexOf(best)] ?? null) : null;
}

function expand(issue: z.core.$ZodIssue, prefix: Keys): Finding[] {
  const keys = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known: string[] = JSON.parse(issue.message);
    const given = typeof issue.input === 'object' && issue.input !== null ? issue.input : {};
    const open = known.filter((key) => !Object.hasOwn(given, key));
    return issue.keys.map((key) => {
      const near = nearest(key, open);
      const finding = { keys: [...keys, key], message: `unknown key${near === null ? hint(key, known) : `; did you mean ${JSON.stringify(near)}?`}` };
      return near === null ? finding : { ...finding, meant: [...keys, near] };
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = likelyBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => expand(inner, keys));
  }
  if (issue.code === 'invalid_key') return [{ keys, message: `the key ${issue.issues[0]?.message ?? 'is not allowed here'}` }];
  return [{ keys, message: issue.message }];
}

/**
 * `value` as `schema` makes it, or null with the problems. Never throws: a value nested so deeply that it cannot be walked
 * is a problem like any other.
 */
export function check<T>(schema: z.ZodType<T>, value: unknown, where: Whereabouts): { value: T; problems: [] } | { value: null; problems: Problem[] } {
  let parsed: z.ZodSafeParseResult<T>;
  try {
    parsed = schema.safeParse(value, { error: messageFor, reportInput: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { value: null, problems: [problemAt(where, [], 'is nested too deeply')] };
  }
  if (parsed.success) return { value: parsed.data, problems: [] };
  const findings = parsed.error.issues.flatMap((issue) => expand(issue, []));
  const meant = new Set(findings.flatMap((finding) => (finding.meant === undefined ? [] : [formatPath(finding.meant)])));
  const kept = findings.filter((finding) => finding.meant !== undefined || !meant.has(formatPath(finding.keys)));
  return { value: null, problems: kept.map((finding) => problemAt(where, finding.keys, finding.message)) };
}
