/** How many series fire at each level, those that none does left out: a calm list has no colour in it. */
import type { Level } from '../../server/contract/index.ts';
import { levelName } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { levelsWorstFirst } from '../ui/levels.ts';
import { useLanguage } from '../ui/use-language.ts';

export function LevelTally({ levels }: { levels: Readonly<Record<Level, number>> }) {
  const lang = useLanguage();
  return levelsWorstFirst
    .filter((level) => levels[level] > 0)
    .map((level) => (
      <span key={level} className="tally" title={levelName(level, lang)}>
        <LevelMark level={level} />
        <span className="visually-hidden">{levelName(level, lang)} </span>
        <b className="num">{levels[level]}</b>
      </span>
    ));
}
