/** The slow pulse of what is urgent and the ring of what is selected: page elements over the map, so that the map itself stays still while they move. */
import { type Map as MapLibreMap, Marker } from 'maplibre-gl';
import type { StationView } from './station-states.ts';

/** More pulses at once would be a flicker; the list has them all. */
const MAX_PULSES = 24;

export class MapRings {
  readonly #map: MapLibreMap;
  readonly #markers = new Map<string, Marker>();

  constructor(map: MapLibreMap) {
    this.#map = map;
  }

  /** `stations` in the order they are drawn, the worst last. */
  show(stations: readonly StationView[], selected: string | null): void {
    const wanted = new Map<string, StationView>();
    for (const station of stations.filter((one) => one.isUrgent).slice(-MAX_PULSES)) wanted.set(`pulse ${station.level} ${station.place.id}`, station);
    const chosen = stations.find((one) => one.place.id === selected);
    if (chosen !== undefined) wanted.set(`selected ${chosen.place.id}`, chosen);
    for (const [key, marker] of this.#markers) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.#markers.delete(key);
    }
    for (const [key, station] of wanted) if (!this.#markers.has(key)) this.#markers.set(key, this.#ring(key, station));
  }

  #ring(key: string, { level, longitude, latitude }: StationView): Marker {
    const element = document.createElement('div');
    element.className = key.startsWith('pulse') ? 'map-ring map-ring-pulse' : 'map-ring map-ring-selected';
    if (level !== null) element.dataset['level'] = level;
    const marker = new Marker({ element, pitchAlignment: 'viewport', rotationAlignment: 'viewport' }).setLngLat([longitude, latitude]).addTo(this.#map);
    // MapLibre gives every marker a name and a tab stop; a ring is decoration, the station list is what is read and reached.
    for (const attribute of ['aria-label', 'role', 'tabindex']) element.removeAttribute(attribute);
    element.setAttribute('aria-hidden', 'true');
    return marker;
  }
}
