/** The parts of the catalogue that the page needs, as the wire shows them. */
import type { CityAnswer } from '../contract/index.ts';
import { placeIdSchema } from '../contract/index.ts';
import type { Catalogue } from './catalogue.ts';

export function presentCity(catalogue: Catalogue): CityAnswer {
  const { city } = catalogue;
  const wall = catalogue.walls.values().next().value;
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
      layers: (city.basemap?.layers ?? []).map((layer) => ({ id: layer.id, kind: layer.kind, url: `/api/v1/basemap/${layer.id}.geojson` })),
    },
    tiles: (wall?.tiles ?? []).map((tile) => ({ indicator: tile.indicator, place: tile.place ?? null })),
  };
}
