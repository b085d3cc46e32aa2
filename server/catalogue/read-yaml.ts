/** YAML text to plain values. Nothing in a text makes it throw; what the text does wrong comes back as problems with line and column. */
import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './catalogue.ts';

export interface YamlAnswer {
  /** What could be read; with `broken` it may lack parts of the file. */
  value: unknown;
  problems: Problem[];
  /** True when the text's structure is in doubt, so that what it lacks proves nothing. */
  broken: boolean;
}

/** Messages of the YAML reader that a person who edits the file would not understand. */
const plainMessages: Partial<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is written twice in one mapping; keep one of them',
  MULTIPLE_DOCS: 'the file must hold one document: remove the line ---',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
};

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;

export function readYaml(text: string, file: string): YamlAnswer {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: 'silent' });
    const problems = [...document.errors, ...document.warnings].map((error): Problem => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { file, path: `line ${line}, column ${col}`, message: plainMessages[error.code] ?? firstLine(error.message) };
    });
    const value: unknown = document.toJS();
    if (!isTree(value)) return { value: null, broken: true, problems: [...problems, { file, path: '', message: 'an alias (*name) must not contain itself' }] };
    // A key written twice leaves everything else readable; after any other error the rest of the file may have been misread.
    return { value, problems, broken: document.errors.some((error) => error.code !== 'DUPLICATE_KEY') };
  } catch (error) {
    const message = error instanceof RangeError ? 'is nested too deeply' : firstLine(error instanceof Error ? error.message : String(error));
    return { value: null, problems: [{ file, path: '', message }], broken: true };
  }
}

/** Like `readYaml` for JSON: the same answers, with JSON's own, faster reader, as shapes of regions are long. */
export function readJson(text: string, file: string): YamlAnswer {
  try {
    return { value: JSON.parse(text), problems: [], broken: false };
  } catch (error) {
    const reason = firstLine(error instanceof Error ? error.message : String(error));
    const offset = /position (\d+)/.exec(reason)?.[1];
    const before = offset === undefined ? null : text.slice(0, Number(offset)).split('\n');
    const path = before === null ? '' : `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    return { value: null, problems: [{ file, path, message: `is not JSON: ${reason}` }], broken: true };
  }
}

/** False when a value contains itself. */
function isTree(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return false;
  }
}
