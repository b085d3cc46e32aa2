/** What was refused may be anything, and is shown as what it is: plain text, at first only its beginning. */

/** As much as tells what kind of thing it is: some three lines. */
const BEGINNING = { characters: 240, lines: 3 };

export interface Beginning {
  text: string;
  isWhole: boolean;
}

/** The first lines of `original`, never half a character. */
export function beginningOf(original: string): Beginning {
  const lines = original.split('\n').slice(0, BEGINNING.lines).join('\n');
  if (lines.length <= BEGINNING.characters) return { text: lines, isWhole: lines.length === original.length };
  const cut = lines.slice(0, BEGINNING.characters);
  // A character beyond the basic plane is two units: the first of them alone would be shown as a broken one.
  const text = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
  return { text, isWhole: false };
}

/** The server's words as the page's font can write them: its curly apostrophe is as wide as a Chinese character and tears a word apart. */
export function plainQuotes(message: string): string {
  return message.replaceAll('\u2019', "'");
}
