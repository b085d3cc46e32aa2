/** The map's buttons: the city's views, home, zoom, and the stations as a list. */
import { useTranslation } from 'react-i18next';
import type { CityAnswer } from '../../server/contract/index.ts';
import { nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { MapEngine } from './map-engine.ts';

export interface MapToolsProps {
  city: CityAnswer;
  engine: MapEngine;
  isListOpen: boolean;
  onList(): void;
}

const icons = {
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  home: 'M2.5 7.5 8 3l5.5 4.5M4.5 6.5V13h7V6.5',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2 4h.5M2 8h.5M2 12h.5',
} as const;

function Icon({ name }: { name: keyof typeof icons }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={icons[name]} />
    </svg>
  );
}

export function MapTools({ city, engine, isListOpen, onList }: MapToolsProps) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  return (
    <>
      {city.views.length > 0 && (
        <nav className="map-views" aria-label={t('views')}>
          {city.views.map((view) => (
            <button key={`${view.place} ${view.bounds}`} type="button" onClick={() => engine.showBounds(view.bounds)}>
              {nameIn(view.name, language)}
            </button>
          ))}
        </nav>
      )}
      <div className="map-buttons">
        <button type="button" onClick={() => engine.zoomBy(1)} aria-label={t('zoomIn')} title={t('zoomIn')}>
          <Icon name="plus" />
        </button>
        <button type="button" onClick={() => engine.zoomBy(-1)} aria-label={t('zoomOut')} title={t('zoomOut')}>
          <Icon name="minus" />
        </button>
        <button type="button" onClick={() => engine.showHome()} aria-label={t('home')} title={t('home')}>
          <Icon name="home" />
        </button>
        <button type="button" onClick={onList} aria-expanded={isListOpen} aria-label={t(isListOpen ? 'closeList' : 'list')} title={t(isListOpen ? 'closeList' : 'list')}>
          <Icon name="list" />
        </button>
      </div>
    </>
  );
}
