/** Three counts that add up, in words; what is zero is not said, except that all is normal. */
import { useTranslation } from 'react-i18next';
import type { Level } from '../../server/contract/index.ts';
import { LevelTally } from './level-tally.tsx';
import type { Standing } from './vitals.ts';

export interface CountsProps {
  standing: Standing;
  levels: Readonly<Record<Level, number>>;
}

export function Counts({ standing, levels }: CountsProps) {
  const { t } = useTranslation('indicators');
  return (
    <span className="counts">
      {standing.alerting > 0 && (
        <span className="counts-alerting">
          <LevelTally levels={levels} />
        </span>
      )}
      {standing.normal > 0 && (
        <span className="counts-normal">
          {t('counts.normal')} <b className="num">{standing.normal}</b>
        </span>
      )}
      {standing.unknown > 0 && (
        <span className="counts-unknown hatched">
          {t('counts.unknown')} <b className="num">{standing.unknown}</b>
        </span>
      )}
    </span>
  );
}
