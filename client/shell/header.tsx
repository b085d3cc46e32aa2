/**
 * The head of the page: whose city, whether the data are its present, how old they are, whether the link holds, and what time it is there.
 * None of it ever leaves the screen.
 */
import { useTranslation } from 'react-i18next';
import { useCity } from '../catalogue/use-catalogue.ts';
import { LanguageSwitch } from '../i18n/language-switch.tsx';
import { useLive } from '../live/use-live.ts';
import { SourcesFact } from '../sources/sources-fact.tsx';
import { formatClock, formatLongDate, formatWeekday, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { AccountMenu } from './account-menu.tsx';
import { DataAge } from './data-age.tsx';
import { RateStrip } from './rate-strip.tsx';
import { SimulationFact } from './simulation-fact.tsx';
import './header.css';

export function Header() {
  const { t } = useTranslation('shell');
  const lang = useLanguage();
  const city = useCity().data;
  return (
    <header className="head">
      <h1 className="head-brand">
        {city !== undefined && <span className="head-city">{nameIn(city.name, lang)}</span>}
        <span className="head-product">{t('product')}</span>
      </h1>
      {city?.simulatedLabel != null && (
        <div className="head-demo">
          <p className="head-simulated">{nameIn(city.simulatedLabel, lang)}</p>
          <SimulationFact />
        </div>
      )}
      <div className="head-facts">
        <RateStrip />
        <DataAge />
        <SourcesFact />
        <Link />
      </div>
      <div className="head-actions">
        <LanguageSwitch />
        <AccountMenu />
      </div>
      {city !== undefined && <Clock zone={city.timeZone} />}
    </header>
  );
}

/** State of the connection as shape and word: a filled dot, a ring, a crossed ring. */
function Link() {
  const { t } = useTranslation('shell');
  const connection = useLive((state) => state.connection);
  const thinned = useLive((state) => state.thinned);
  return (
    <dl className="fact fact-link" data-connection={connection}>
      <dt>{t('link.title')}</dt>
      <dd>
        <span className="link-dot" aria-hidden="true" />
        <span role="status">{t(`link.${connection}`)}</span>
        {connection === 'live' && thinned && <span className="fact-more"> {t('link.thinned')}</span>}
      </dd>
    </dl>
  );
}

/** The city's clock. It goes on when the link is lost: it tells the time, not the state of the data. */
function Clock({ zone }: { zone: string }) {
  const { t } = useTranslation('shell');
  const lang = useLanguage();
  const clock = useLive((state) => formatClock(state.now, zone, true));
  const date = useLive((state) => formatLongDate(state.now, zone, lang));
  const weekday = useLive((state) => formatWeekday(state.now, zone, lang));
  return (
    <div className="head-clock" role="timer" aria-label={t('clock')}>
      <span className="num clock-time">
        {clock.slice(0, 5)}
        <span className="clock-seconds">{clock.slice(5)}</span>
      </span>
      <span className="clock-date">
        {date}
        <br />
        {weekday}
      </span>
    </div>
  );
}
