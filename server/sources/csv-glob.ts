/** Pure: names by simple patterns, as people know them from file lists. No pattern can make it slow, whoever wrote it. */

/** Whether a text is as `pattern` says, where `*` stands for anything and `?` for one letter. Takes time in proportion to both lengths at worst. */
export function createGlob(pattern: string): (text: string) => boolean {
  const wanted = [...pattern];
  return (text) => {
    const letters = [...text];
    let [p, t, star, mark] = [0, 0, -1, 0];
    while (t < letters.length) {
      if (wanted[p] === '*') {
        star = p++;
        mark = t;
      } else if (p < wanted.length && (wanted[p] === '?' || wanted[p] === letters[t])) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else return false;
    }
    while (wanted[p] === '*') p++;
    return p === wanted.length;
  };
}
