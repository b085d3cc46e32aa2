/** What stands at the head of a row: the level that fires, a hatched box where nothing is known, else a quiet dot. */
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../server/contract/index.ts';
import { levelName } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { type DataState, tellsThePresent } from '../ui/state-of.ts';
import { useLanguage } from '../ui/use-language.ts';

export function RowMark({ alert, state }: { alert: Alert | null; state: DataState }) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  if (alert?.level != null) {
    const markState = alert.unknownSince !== null || !tellsThePresent(state) ? 'unknown' : alert.acknowledged ? 'hollow' : 'solid';
    return (
      <span className="row-mark">
        <LevelMark level={alert.level} state={markState} size={16} />
        <span className="visually-hidden">{levelName(alert.level, lang)}</span>
      </span>
    );
  }
  const isKnown = tellsThePresent(state);
  return (
    <span className="row-mark" data-known={isKnown}>
      <span className="visually-hidden">{t(isKnown ? 'counts.normal' : 'counts.unknown')}</span>
    </span>
  );
}
