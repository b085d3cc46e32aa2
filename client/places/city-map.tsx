/** The map: stations by state, columns by value, jumps to the city's views. One map for the life of the page; without WebGL the stations stand as a list. */
import 'maplibre-gl/dist/maplibre-gl.css';
import './city-map.css';
import './station-card.css';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCity, useIndicatorMap } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { MapEngine } from './map-engine.ts';
import { MapLegend } from './map-legend.tsx';
import { MapTools } from './map-tools.tsx';
import { StationCard } from './station-card.tsx';
import { StationList, StationTable } from './station-list.tsx';
import type { StationView } from './station-states.ts';
import { useGround } from './use-ground.ts';
import { useMapEngine } from './use-map-engine.ts';
import { usePalette } from './use-palette.ts';
import { useFollowSelection, usePick } from './use-selection.ts';
import { useColumns, useDrawn, useStations } from './use-stations.ts';

/** A screen reader's table follows the values no more often than this, by this computer's clock: hundreds of rows a second would drown the reader and the page. */
const TABLE_MS = 30_000;

/** `drawn` at once, as a state has changed; else the newest values every half minute. Both when there is time for it. */
function useSlowStations(stations: readonly StationView[], drawn: readonly StationView[]): readonly StationView[] {
  const newest = useRef(stations);
  newest.current = stations;
  const [shown, setShown] = useState(drawn);
  useEffect(() => setShown(drawn), [drawn]);
  useEffect(() => {
    const timer = setInterval(() => setShown(newest.current), TABLE_MS);
    return () => clearInterval(timer);
  }, []);
  return useDeferredValue(shown);
}

const NO_ROOM = { width: 0, height: 0 };

interface Hover {
  place: string;
  x: number;
  y: number;
}

/** The place under the pointer and where it now is on the map. */
function useHover(engine: MapEngine | null, stations: readonly StationView[]) {
  const [hover, setHover] = useState<Hover | null>(null);
  const newest = useRef({ engine, stations });
  newest.current = { engine, stations };
  const onHover = useCallback((place: string | null) => {
    const station = newest.current.stations.find((one) => one.place.id === place);
    const at = station === undefined ? undefined : newest.current.engine?.project(station.longitude, station.latitude);
    setHover((before) => {
      if (station === undefined || at === undefined) return null;
      return before !== null && before.place === station.place.id && before.x === at.x && before.y === at.y ? before : { place: station.place.id, x: at.x, y: at.y };
    });
  }, []);
  const onMove = useCallback(() => setHover((before) => (before === null ? before : null)), []);
  return { hover, onHover, onMove };
}

export function CityMap() {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const palette = usePalette();
  const city = useCity().data;
  const ground = useGround(city);
  const stations = useStations();
  const drawn = useDrawn(stations);
  const columns = useColumns(stations);
  const indicators = useIndicatorMap();
  const selected = useLive((state) => state.selected?.place ?? null);
  const now = useLive((state) => state.now);
  const container = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [isListOpen, setListOpen] = useState(false);
  const [engineNow, setEngineNow] = useState<MapEngine | null>(null);
  const { pick, isOwn } = usePick(stations);
  const { hover, onHover, onMove } = useHover(engineNow, stations);

  const look = useMemo(() => ({ palette, language }), [palette, language]);
  const wanted = useMemo(
    () => (city === undefined || ground.data === undefined ? null : { city, ...ground.data, look, mapName: t('mapName'), onHover, onMove, onPick: pick }),
    [city, ground.data, look, t, onHover, onMove, pick],
  );
  const { engine, phase } = useMapEngine(container, wanted);
  useEffect(() => setEngineNow(engine), [engine]);
  useEffect(() => engine?.setLook(look), [engine, look]);
  useEffect(() => engine?.setScene({ stations: drawn, columns, selected }), [engine, drawn, columns, selected]);
  useFollowSelection({ engine, regions: ground.data?.regions ?? null, isOwn });

  const columnIndicators = useMemo(() => [...indicators.values()].filter((one) => one.mapStyle === 'column' && !one.retired), [indicators]);
  const slow = useSlowStations(stations, drawn);
  const hovered = hover === null ? undefined : stations.find((one) => one.place.id === hover.place);
  const isListed = isListOpen || phase === 'unsupported' || phase === 'recovering';
  // Asking for a size makes the browser lay the page out: only while a card needs it.
  const room = hover === null ? NO_ROOM : { width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 };
  return (
    <div className="city-map" aria-busy={phase === 'starting'}>
      <div className="map-frame" ref={frame}>
        <div className="map-canvas" ref={container} hidden={phase === 'unsupported'} />
        {ground.isError && phase === 'starting' && (
          <div className="map-message" role="alert">
            <p>{t('failed', { reason: ground.error.message })}</p>
            <button type="button" className="button" onClick={() => void ground.refetch()}>
              {t('retry')}
            </button>
          </div>
        )}
        {phase === 'starting' && !ground.isError && <p className="map-message map-message-late">{t('loading')}</p>}
        {(phase === 'unsupported' || phase === 'recovering') && (
          <p className="map-message map-message-top" role="status">
            {t(phase)}
          </p>
        )}
        {isListed && <StationList stations={stations} selected={selected} onPick={pick} />}
        {city !== undefined && engine !== null && <MapTools city={city} engine={engine} isListOpen={isListOpen} onList={() => setListOpen((open) => !open)} />}
        {hover !== null && hovered !== undefined && !isListed && <StationCard station={hovered} now={now} at={hover} room={room} />}
      </div>
      {city !== undefined && <MapLegend city={city} stations={slow} columns={columnIndicators} />}
      {!isListed && <StationTable stations={slow} />}
    </div>
  );
}
