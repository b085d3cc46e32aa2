/** A time of the city beside how long ago it was: the one to be written down, the other to be understood at a glance. */
import { useTranslation } from 'react-i18next';
import { useCity } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { formatAge, formatTime } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';

/** The city's time of `at`, with the date when it is not today's. */
export function CityTime({ at }: { at: number }) {
  const zone = useCity().data?.timeZone;
  const text = useLive((state) => (zone === undefined ? '' : formatTime(at, { zone, now: state.now, seconds: true })));
  return (
    <time className="source-time" dateTime={new Date(at).toISOString()}>
      {text}
    </time>
  );
}

export function Moment({ at }: { at: number }) {
  const { t } = useTranslation('sources');
  const lang = useLanguage();
  const age = useLive((state) => formatAge(state.now - at, lang));
  return (
    <span className="moment">
      <CityTime at={at} /> <span className="moment-age">{t('ago', { age })}</span>
    </span>
  );
}
