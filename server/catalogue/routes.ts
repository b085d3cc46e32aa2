/** The catalogue over HTTP: city, indicators, places, series, rules, shapes. */
import path from 'node:path';
import { Router } from 'express';
import { z } from 'zod';
import { AppError, type Place, type Series } from '../contract/index.ts';
import { listParameter, parseQuery } from '../http/query.ts';
import type { Catalogue } from './catalogue.ts';
import { presentCity } from './present.ts';

export interface CatalogueRoutesDeps {
  catalogue(): Catalogue;
  retiredPlaces(): Promise<Place[]>;
  selectSeries(filter: { indicators: string[]; places: string[]; facet?: string | null | undefined }): Series[];
}

const seriesQuery = z.object({ indicator: listParameter, place: listParameter, facet: z.string().optional() });
const EMPTY_COLLECTION = '{"type":"FeatureCollection","features":[]}';

export function catalogueRoutes(deps: CatalogueRoutesDeps): Router {
  const router = Router();
  router.get('/city', (_request, response) => {
    response.json(presentCity(deps.catalogue()));
  });
  router.get('/indicators', (_request, response) => {
    response.json({ indicators: [...deps.catalogue().indicators.values()] });
  });
  router.get('/places', async (_request, response) => {
    response.json({ places: [...deps.catalogue().places.values(), ...(await deps.retiredPlaces())] });
  });
  router.get('/series', (request, response) => {
    const { indicator, place, facet } = parseQuery(request, seriesQuery);
    response.json({ series: deps.selectSeries({ indicators: indicator, places: place, facet: facet === undefined ? undefined : facet === '' ? null : facet }) });
  });
  router.get('/rules', (_request, response) => {
    response.json({ rules: deps.catalogue().ruleSummaries });
  });
  router.get('/regions.geojson', (_request, response) => {
    response.type('application/geo+json').send(deps.catalogue().regionsGeoJson ?? EMPTY_COLLECTION);
  });
  router.get('/basemap/tiles.pmtiles', (_request, response) => {
    const { city, directory } = deps.catalogue();
    if (city.basemap?.tiles === undefined) throw new AppError('not_found', 'This city has no tiles.');
    // The map asks for byte ranges; sendFile answers them, with an ETag that changes with the file.
    response.type('application/vnd.pmtiles').sendFile(path.resolve(directory, city.basemap.tiles.file), { maxAge: 60_000 });
  });
  router.get('/basemap/:file', (request, response) => {
    const { city, directory } = deps.catalogue();
    const layer = city.basemap?.layers.find((one) => `${one.id}.geojson` === request.params.file);
    if (layer === undefined) throw new AppError('not_found', 'There is no such basemap layer.');
    // Only files that city.yaml names are served; their paths were checked to lie inside the folder.
    response.type('application/geo+json').sendFile(path.resolve(directory, layer.file), { maxAge: 60_000 });
  });
  return router;
}
