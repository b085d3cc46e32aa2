/**
 * How many alerts fire at each level: four fixed places, hollow and grey at zero, so that a calm page has almost no colour. A count is a
 * button: it shows its level alone, and once more shows all.
 */
import { useTranslation } from 'react-i18next';
import type { Level } from '../../server/contract/index.ts';
import { levelName } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { levelsWorstFirst } from '../ui/levels.ts';
import { changeParams } from '../ui/query-params.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { AlertCounts } from './order.ts';

export interface LevelCountsProps {
  counts: AlertCounts;
  /** The level that is shown alone. */
  chosen: Level | null;
}

export function LevelCounts({ counts, chosen }: LevelCountsProps) {
  const { t } = useTranslation('alerts');
  const lang = useLanguage();
  return (
    <ul className="levels" aria-label={t('levelsLabel')}>
      {levelsWorstFirst.map((level) => {
        const count = counts.byLevel[level];
        const isChosen = level === chosen;
        return (
          <li key={level}>
            <button
              type="button"
              className="levels-one"
              data-zero={count === 0}
              data-many={count > 99}
              aria-pressed={isChosen}
              disabled={count === 0 && !isChosen}
              title={t(isChosen ? 'allLevels' : 'onlyLevel', { level: levelName(level, lang) })}
              onClick={() => changeParams({ level: isChosen ? null : level })}
            >
              <span className="levels-count num">{count}</span>
              <LevelMark level={level} state={count === 0 ? 'hollow' : 'solid'} muted={count === 0} size={20} />
              <span className="levels-name">{levelName(level, lang)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
