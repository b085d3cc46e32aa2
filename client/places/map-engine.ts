/**
 * The one map of the page without React: MapLibre below, deck.gl above. It is made once; data, theme and language are set on
 * it. It does not mend itself: when a WebGL context is lost it says so once (`onLost`), and its maker destroys it and makes a
 * new one where the camera stood, which is one way back for every kind of loss.
 */
import { MapLibreOverlay } from '@deck.gl/maplibre';
import type { FeatureCollection, GeoJSON, Point } from 'geojson';
import { addProtocol, GeoJSONSource, Map as MapLibreMap, ScaleControl, type StyleSpecification, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { Protocol } from 'pmtiles';
import type { CityAnswer } from '../../server/contract/index.ts';
import type { Language } from '../ui/format.ts';
import { type Camera, columnLayers, standings } from './column-layers.ts';
import type { Column, Standing } from './columns.ts';
import { placeAt } from './hit-test.ts';
import { MapRings } from './map-rings.ts';
import { mapStyle, STATIONS } from './map-style.ts';
import type { Palette } from './palette.ts';
import { type Bounds, regionLabels, withinWorld } from './regions.ts';
import { drawSprites } from './sprites.ts';
import { drawRank, type StationView } from './station-states.ts';
import { tiersOf } from './thin-out.ts';

setWorkerUrl(workerUrl);
// Tiles come out of one file by byte ranges.
addProtocol('pmtiles', new Protocol().tile);

/** From here columns read as columns and the streets still read as a map. */
const PITCH = 45;
export const NUMBER_FONT = 'Barlow Condensed';
/** Close enough to see which part of town it is, far enough to see the neighbours. */
const PLACE_ZOOM = 11.2;
/** In another city the whole of it is shown first: nobody knows yet where they are. */
const FAR_ZOOM = 9.6;

export interface Look {
  palette: Palette;
  language: Language;
}

export interface Scene {
  /** In the order they are drawn, the worst last. */
  stations: readonly StationView[];
  columns: readonly Column[];
  /** The place with the ring, or null. */
  selected: string | null;
}

export interface EngineOptions {
  container: HTMLElement;
  city: CityAnswer;
  regions: FeatureCollection;
  /** Contents of the base map's layers of kind `label`, by layer id. */
  labels: ReadonlyMap<string, GeoJSON>;
  look: Look;
  /** Where the lost one stood; null for the city's own view. */
  camera: Camera | null;
  mapName: string;
  onHover(place: string | null): void;
  onPick(place: string): void;
  /** The camera moved: whatever is placed over the map has to move too. */
  onMove(): void;
  onReady(): void;
  onLost(): void;
}

const prefersStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** What the map's worker is sent. */
function stationFeatures(stations: readonly StationView[]): FeatureCollection<Point> {
  const tiers = tiersOf(stations.map(({ place, longitude, latitude }) => ({ id: place.id, longitude, latitude })));
  return {
    type: 'FeatureCollection',
    features: stations.map((station) => ({
      type: 'Feature',
      properties: { mark: station.mark, rank: drawRank(station), tier: tiers.get(station.place.id) ?? 0 },
      geometry: { type: 'Point', coordinates: [station.longitude, station.latitude] },
    })),
  };
}

/** Equal for two sets of stations that are drawn alike. */
const fingerprint = (stations: readonly StationView[]): string => stations.map((station) => `${station.place.id}:${station.mark}`).join(' ');

function createMap({ city, camera, container, mapName }: EngineOptions, style: StyleSpecification): MapLibreMap {
  return new MapLibreMap({
    container,
    style,
    center: camera === null ? city.center : [camera.longitude, camera.latitude],
    zoom: camera?.zoom ?? city.zoom,
    pitch: camera?.pitch ?? PITCH,
    bearing: camera?.bearing ?? 0,
    maxBounds: withinWorld(city.bounds),
    maxPitch: 60,
    maxZoom: 18,
    attributionControl: false, // the page has its own line, always visible
    renderWorldCopies: false,
    fadeDuration: 0,
    clickTolerance: 6,
    locale: { 'Map.Title': mapName },
  });
}

export class MapEngine {
  readonly #options: EngineOptions;
  readonly #map: MapLibreMap;
  readonly #overlay: MapLibreOverlay;
  readonly #rings: MapRings;
  #look: Look;
  #scene: Scene = { stations: [], columns: [], selected: null };
  #drawnStations = '';
  #isReady = false;
  #isGone = false;
  #frame = 0;

  /** Throws when there is no WebGL. */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.#look = options.look;
    this.#map = createMap(options, this.#style());
    this.#overlay = new MapLibreOverlay({ interleaved: false, layers: [], onError: () => this.#lose() });
    this.#rings = new MapRings(this.#map);
    this.#map.addControl(new ScaleControl({ maxWidth: 90, unit: 'metric' }), 'bottom-left');
    this.#map.on('styleimagemissing', () => this.#addSprites());
    this.#map.once('load', () => this.#ready());
    this.#map.on('move', () => this.#moved());
    this.#map.on('webglcontextlost', () => this.#lose());
    // Without a listener MapLibre writes to the console; what cannot be fetched leaves the ground empty, and the stations stand.
    this.#map.on('error', () => undefined);
    this.#map.on('mousemove', ({ point }) => this.#hover([point.x, point.y]));
    this.#map.on('mouseout', () => options.onHover(null));
    this.#map.on('click', ({ point }) => {
      const place = this.#placeAt([point.x, point.y]);
      if (place !== null) options.onPick(place);
    });
  }

  setScene(scene: Scene): void {
    this.#scene = scene;
    if (this.#isReady) this.#draw();
  }

  setLook(look: Look): void {
    this.#look = look;
    if (!this.#isReady) return;
    this.#map.setStyle(this.#style(), { diff: true });
    this.#addSprites();
    this.#draw();
  }

  showPlace(longitude: number, latitude: number): void {
    const zoom = this.#isFar(longitude, latitude) ? FAR_ZOOM : Math.max(this.#map.getZoom(), PLACE_ZOOM);
    this.#map.flyTo({ center: [longitude, latitude], zoom, pitch: PITCH, ...this.#motion(longitude, latitude) });
  }

  showBounds(bounds: Bounds): void {
    const target = this.#map.cameraForBounds(bounds, { padding: 40, bearing: 0 });
    const [longitude, latitude] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
    // A pitched camera sees less of the far side: stand back a little.
    this.#map.flyTo({ center: [longitude, latitude], zoom: Math.max(1, (target?.zoom ?? PLACE_ZOOM) - 0.15), pitch: PITCH, bearing: 0, ...this.#motion(longitude, latitude) });
  }

  showHome(): void {
    const { center, zoom } = this.#options.city;
    this.#map.flyTo({ center, zoom, pitch: PITCH, bearing: 0, ...this.#motion(center[0], center[1]) });
  }

  zoomBy(steps: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + steps, duration: prefersStill() ? 0 : 200 });
  }

  /** CSS pixels from the map's upper left corner. */
  project(longitude: number, latitude: number): { x: number; y: number } {
    return this.#map.project([longitude, latitude]);
  }

  isInView(longitude: number, latitude: number): boolean {
    const { x, y } = this.#map.project([longitude, latitude]);
    const { width, height } = this.camera();
    return x >= 0 && y >= 0 && x <= width && y <= height;
  }

  camera(): Camera {
    const { lng, lat } = this.#map.getCenter();
    const { clientWidth: width, clientHeight: height } = this.#map.getContainer();
    return { width, height, longitude: lng, latitude: lat, zoom: this.#map.getZoom(), pitch: this.#map.getPitch(), bearing: this.#map.getBearing() };
  }

  destroy(): void {
    this.#isGone = true;
    cancelAnimationFrame(this.#frame);
    this.#map.remove();
  }

  #style(): StyleSpecification {
    const { city, regions, labels } = this.#options;
    return mapStyle({
      tiles: city.basemap.tiles,
      basemap: city.basemap.layers,
      labels,
      regions,
      regionLabels: regionLabels(regions),
      stations: stationFeatures(this.#scene.stations),
      ...this.#look,
    });
  }

  #ready(): void {
    if (this.#isGone) return;
    this.#isReady = true;
    this.#addSprites();
    this.#map.addControl(this.#overlay);
    this.#overlay.getCanvas()?.addEventListener('webglcontextlost', () => this.#lose());
    this.#draw();
    this.#options.onReady();
  }

  #addSprites(): void {
    for (const { name, image, pixelRatio } of drawSprites(this.#look.palette, devicePixelRatio)) {
      if (this.#map.hasImage(name)) this.#map.updateImage(name, image);
      else this.#map.addImage(name, image, { pixelRatio });
    }
  }

  #draw(): void {
    const next = fingerprint(this.#scene.stations);
    const source = this.#map.getSource(STATIONS);
    if (next !== this.#drawnStations && source instanceof GeoJSONSource) {
      this.#drawnStations = next;
      void source.setData(stationFeatures(this.#scene.stations));
    }
    this.#rings.show(this.#scene.stations, this.#scene.selected);
    this.#drawColumns();
  }

  #drawColumns(): void {
    this.#overlay.setProps({ layers: columnLayers(this.#scene.columns, this.camera(), { ...this.#look, numberFont: NUMBER_FONT }) });
  }

  /** At most once for each frame, however many events there are. */
  #moved(): void {
    if (!this.#isReady || this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#isGone) return;
      this.#drawColumns();
      this.#options.onMove();
    });
  }

  #hover(point: readonly [number, number]): void {
    const place = this.#placeAt(point);
    this.#map.getCanvas().style.cursor = place === null ? '' : 'pointer';
    this.#options.onHover(place);
  }

  #placeAt(point: readonly [number, number]): string | null {
    const columns = standings(this.#scene.columns, this.camera());
    const standing: Standing[] = this.#scene.stations.map(({ place, longitude, latitude }) => {
      const { x, y } = this.#map.project([longitude, latitude]);
      const foot = [x, y] as const;
      return { place: place.id, foot, top: columns.get(place.id)?.top ?? foot };
    });
    return placeAt(point, standing);
  }

  /** Across the street it glides; to another city it jumps, since there is nothing to see on the way; for some it never moves. */
  #motion(longitude: number, latitude: number): { duration: number } {
    return { duration: this.#isFar(longitude, latitude) || prefersStill() ? 0 : 900 };
  }

  /** More than some 300 km from what is shown. */
  #isFar(longitude: number, latitude: number): boolean {
    const { lng, lat } = this.#map.getCenter();
    return Math.hypot(longitude - lng, latitude - lat) > 3;
  }

  #lose(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    // Not from inside the event of a context that is just being taken away.
    setTimeout(this.#options.onLost);
  }
}
