/**
 * Topic filters of MQTT: which are well formed, and which topics they take. `+` stands for one level, `#` for all that follow;
 * `$share/group/` before a filter shares its messages among the servers of a group and is no part of the topic.
 */

const SHARE = '$share/';

/** What the protocol allows for the whole text, in bytes of UTF-8. */
const MAX_BYTES = 65_535;

/** The filter without its `$share/group/`. */
export function bareFilter(filter: string): string {
  return filter.startsWith(SHARE) ? filter.split('/').slice(2).join('/') : filter;
}

/** What is wrong with a filter, in words for the person who wrote it; null when it is right. */
export function filterProblem(filter: string): string | null {
  if (filter.startsWith(SHARE)) {
    const [, group = '', ...rest] = filter.split('/');
    if (group === '' || /[+#]/.test(group)) return 'the group after $share/ must be a name without + and #, as in $share/city/sensors/#';
    if (rest.length === 0 || rest.join('/') === '') return 'after $share/group/ the topic itself must follow, as in $share/city/sensors/#';
  }
  const bare = bareFilter(filter);
  if (bare === '') return 'must not be empty';
  if (filter.includes('\u0000')) return 'must not contain the character NUL';
  if (new TextEncoder().encode(filter).length > MAX_BYTES) return `must have at most ${MAX_BYTES} bytes`;
  const levels = bare.split('/');
  for (const [i, level] of levels.entries()) {
    if (level === '+') continue;
    if (level === '#') {
      if (i < levels.length - 1) return `# must be the last level: nothing can follow it (level ${i + 1})`;
    } else if (/[+#]/.test(level)) return `+ and # must stand alone in their level, not as in ${JSON.stringify(level)} (level ${i + 1})`;
  }
  return null;
}

/** True when a message of `topic` comes by the (well formed) `filter`. Topics that begin with $ are the broker's own: a wildcard at the front does not take them. */
export function takesTopic(filter: string, topic: string): boolean {
  const wanted = bareFilter(filter).split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false;
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}

/** True when a topic that the filter takes can have a level `level`, counted from 1. */
export function canHaveLevel(filter: string, level: number): boolean {
  const wanted = bareFilter(filter).split('/');
  return wanted.at(-1) === '#' || level <= wanted.length;
}
