/** How many alerts fire at each level: four fixed places, hollow and grey at zero, so that a calm page has almost no colour. */
import { useTranslation } from 'react-i18next';
import { levelName } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { levelsWorstFirst } from '../ui/levels.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { AlertCounts } from './order.ts';

export function LevelCounts({ counts }: { counts: AlertCounts }) {
  const { t } = useTranslation('alerts');
  const lang = useLanguage();
  return (
    <ul className="levels" aria-label={t('levelsLabel')}>
      {levelsWorstFirst.map((level) => {
        const count = counts.byLevel[level];
        return (
          <li key={level} className="levels-one" data-zero={count === 0}>
            <span className="levels-count num">{count}</span>
            <LevelMark level={level} state={count === 0 ? 'hollow' : 'solid'} muted={count === 0} size={20} />
            <span className="levels-name">{levelName(level, lang)}</span>
          </li>
        );
      })}
    </ul>
  );
}
