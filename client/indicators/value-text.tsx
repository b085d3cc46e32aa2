/** A newest value in one line with its unit, and how far it may be believed: missing is a dash in a dashed box, a doubtful value is struck through. */
import { useTranslation } from 'react-i18next';
import type { Indicator, Latest } from '../../server/contract/index.ts';
import { Age } from '../live/age.tsx';
import { formatNumber, nameIn } from '../ui/format.ts';
import type { DataState } from '../ui/state-of.ts';
import { useLanguage } from '../ui/use-language.ts';

export interface ValueTextProps {
  indicator: Indicator;
  latest: Latest | undefined;
  state: DataState;
}

export function ValueText({ indicator, latest, state }: ValueTextProps) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  if (latest === undefined) {
    return (
      <span className="value-missing num">
        <span aria-hidden="true">—</span>
        <span className="visually-hidden">{t('states.missing')}</span>
      </span>
    );
  }
  const isDoubtful = state === 'suspect' || state === 'bad';
  return (
    <span className="value-text num" data-state={state}>
      <span className={isDoubtful ? 'doubtful' : undefined}>{formatNumber(latest.value, indicator.decimals, lang)}</span>
      <span className="value-unit">{nameIn(indicator.unitLabel, lang)}</span>
    </span>
  );
}

/** Its age, with the state in words where it is not good. */
export function AgeText({ latest, state }: Omit<ValueTextProps, 'indicator'>) {
  const { t } = useTranslation('indicators');
  if (latest === undefined) return <span className="age loud">{t('states.missing')}</span>;
  return (
    <span className={state === 'good' ? 'age' : 'age loud'}>
      {state !== 'good' && <span>{t(`states.${state}`)} </span>}
      <Age at={latest.observedAt} />
    </span>
  );
}
