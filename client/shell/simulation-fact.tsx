/** Beside the permanent label of simulated data: how fast the city's clock runs, what is played and how long still, and how far it is ahead. */
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/use-live.ts';
import { formatAge, formatSpan, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { aheadNow, playedNow } from './simulation.ts';

export function SimulationFact() {
  const { t } = useTranslation('shell');
  const lang = useLanguage();
  const speed = useLive(({ simulation }) => simulation?.speed ?? 1);
  const played = useLive(({ simulation, now }) => (simulation === null ? null : playedNow(simulation, now)));
  const left = useLive(({ now }) => (played === null ? '' : formatAge(played.endsAt - now, lang)));
  const ahead = useLive(({ simulation, now }) => {
    const ms = simulation === null ? null : aheadNow(simulation, now);
    return ms === null ? null : formatSpan(ms, lang);
  });
  if (speed === 1 && played === null && ahead === null) return null;
  return (
    <p className="head-played">
      {speed !== 1 && (
        <b className="num head-speed" title={t('simulation.speed', { speed })}>
          ×{speed}
        </b>
      )}
      {played !== null && (
        <span>
          <strong>{nameIn(played.name, lang)}</strong> {t('simulation.left', { left })}
        </span>
      )}
      {ahead !== null && <span className="head-ahead">{t('simulation.ahead', { ahead })}</span>}
    </p>
  );
}
