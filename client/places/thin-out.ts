/**
 * Where many stations stand close together, a far look shows some of them as marks and the rest as specks; nothing is ever gone. Which
 * ones depends on where they stand alone, so that no mark comes and goes with the data. Pure.
 */
export interface Standpoint {
  id: string;
  longitude: number;
  latitude: number;
}

/** Zooms from which a station is a mark; the last one has all. */
export const TIERS = [9, 10, 11, 12, 13] as const;
export type Tier = (typeof TIERS)[number];
/** CSS pixels between marks: twice the width of one. */
const ROOM_PX = 17;

/** World coordinates at zoom 0 (512 CSS pixels wide), near enough for distances within a city. */
function onScreen({ longitude, latitude }: Standpoint): readonly [x: number, y: number] {
  const angle = (latitude * Math.PI) / 180;
  return [((longitude + 180) / 360) * 512, ((1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2) * 512];
}

/** The zoom from which each station is drawn as a mark, by id. */
export function tiersOf(stations: readonly Standpoint[]): ReadonlyMap<string, Tier> {
  const tiers = new Map<string, Tier>();
  const ordered = [...stations].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const tier of TIERS) {
    const cells = new Map<string, (readonly [number, number])[]>();
    const scale = 2 ** tier / ROOM_PX;
    const placeFor = (station: Standpoint): { x: number; y: number } => {
      const [x, y] = onScreen(station);
      return { x: x * scale, y: y * scale };
    };
    const hasRoom = ({ x, y }: { x: number; y: number }): boolean =>
      neighbourhood(x, y).every((key) => (cells.get(key) ?? []).every(([ox, oy]) => Math.hypot(ox - x, oy - y) >= 1));
    const take = ({ x, y }: { x: number; y: number }): void => {
      const key = `${Math.floor(x)} ${Math.floor(y)}`;
      cells.set(key, [...(cells.get(key) ?? []), [x, y]]);
    };
    for (const station of ordered) if (tiers.has(station.id)) take(placeFor(station));
    for (const station of ordered) {
      if (tiers.has(station.id)) continue;
      const place = placeFor(station);
      if (tier !== TIERS.at(-1) && !hasRoom(place)) continue;
      tiers.set(station.id, tier);
      take(place);
    }
  }
  return tiers;
}

function neighbourhood(x: number, y: number): string[] {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  return [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${column + dx} ${row + dy}`));
}
