/** The parts of the catalogue that the page needs, as the wire shows them. */
import type { CityAnswer } from '../contract/index.ts';
import { placeIdSchema } from '../contract/index.ts';
import type { Catalogue } from './catalogue.ts';

export function presentCity(catalogue: Catalogue): CityAnswer {
  const { city } = catalogue;
  return {
    id: city.id,
    name: city.name,
    timeZone: city.timeZone,
    languages: [...city.languages],
    center: [...city.center],
    zoom: city.zoom,
    bounds: [...city.bounds],
    simulatedLabel: city.simulatedLabel ?? null,
    views: city.views.map((view) => ({ place: placeIdSchema.parse(view.place), name: view.name, bounds: [...view.bounds] })),
    basemap: {
      attribution: city.basemap?.attribution ?? { zh: '', en: '' },
      tiles: city.basemap?.tiles === undefined ? null : { url: '/api/v1/basemap/tiles.pmtiles', minZoom: city.basemap.tiles.minZoom, maxZoom: city.basemap.tiles.maxZoom },
      layers: (city.basemap?.layers ?? []).map((layer) => ({ id: layer.id, kind: layer.kind, url: `/api/v1/basemap/${layer.id}.geojson` })),
    },
    groups: city.groups.map(({ id, name }) => ({ id, name })),
    walls: [...catalogue.walls.values()].map(({ id, name, tiles }) => ({ id, name, tiles: tiles.map(({ indicator, place }) => ({ indicator, place: place ?? null })) })),
  };
}
