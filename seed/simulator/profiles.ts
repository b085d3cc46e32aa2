/**
 * Shapes of the day: how much of the mean there is at each hour of a working day, a Saturday, and a Sunday or public holiday. Each is scaled
 * to a mean of 1 over an ordinary week. The emergency shape follows recorded dispatches, the commuting one a motorway's counts.
 */
import type { ProfileName } from './model.ts';

/** By hour of the day, the value at half past. */
export interface Profile {
  workday: readonly number[];
  saturday: readonly number[];
  sunday: readonly number[];
}
export type DayKind = keyof Profile;

/** As read by people: a digit pair for each hour from 0 to 23, in any unit. */
const hours = (text: string): number[] => text.trim().split(/\s+/).map(Number);
const scaled = (shape: readonly number[], factor: number): number[] => shape.map((value) => value * factor);

function profile(workday: string, saturday?: string | number, sunday?: string | number): Profile {
  const work = hours(workday);
  const other = (given: string | number | undefined, fallback: number[]): number[] =>
    typeof given === 'string' ? hours(given) : typeof given === 'number' ? scaled(work, given) : fallback;
  const sat = other(saturday, work);
  const sun = other(sunday, sat);
  const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
  const mean = (5 * total(work) + total(sat) + total(sun)) / 168;
  return { workday: scaled(work, 1 / mean), saturday: scaled(sat, 1 / mean), sunday: scaled(sun, 1 / mean) };
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  flat: profile(Array(24).fill('1').join(' ')),
  emergency: profile(
    '74 66 60 50 47 52 66 84 98 108 115 120 122 126 126 127 130 135 134 130 126 116 102 88',
    '88 80 72 60 53 52 60 74 90 104 114 122 126 128 128 128 128 131 134 134 130 122 110 98',
    '90 82 74 60 53 50 57 70 86 100 111 120 124 126 126 126 126 128 129 126 120 110 96 82',
  ),
  hotline: profile('22 16 12 10 10 14 34 80 170 215 200 160 130 175 195 180 160 125 100 90 84 72 52 34', 0.58, 0.5),
  office: profile('4 3 3 3 3 4 8 40 140 240 250 190 100 190 240 230 200 90 30 14 10 8 6 5', 0.2, 0.14),
  commute: profile(
    '32 22 17 18 32 66 122 184 178 138 124 122 118 122 130 142 166 186 160 118 98 84 64 46',
    '44 32 24 20 24 40 66 94 114 126 132 132 128 130 132 136 142 144 132 112 98 88 70 54',
    '44 32 24 20 22 34 54 78 100 118 128 130 126 128 132 138 146 148 134 112 94 82 62 46',
  ),
  transit: profile(
    '2 0 0 0 2 56 156 222 222 176 130 112 108 110 116 136 172 208 204 164 122 96 60 22',
    '3 0 0 0 2 22 66 106 130 142 144 142 144 150 154 160 166 168 148 122 110 96 58 18',
    '3 0 0 0 2 18 56 90 116 134 142 142 144 150 156 164 170 166 142 116 100 84 50 14',
  ),
  travel: profile('8 4 3 4 14 60 118 150 160 160 156 150 146 150 156 160 164 164 154 138 116 84 44 18', 1.06, 1.14),
  evening: profile(
    '64 40 24 16 12 12 22 42 60 68 72 82 90 82 78 80 86 104 140 190 220 214 170 110',
    '84 56 34 22 16 14 22 40 62 76 84 94 102 98 94 96 102 118 156 210 246 244 204 142',
    '78 50 30 20 14 13 22 42 66 80 88 96 102 98 94 94 98 112 144 190 214 200 150 96',
  ),
  meals: profile('26 14 8 6 6 10 26 50 46 52 120 300 270 110 72 80 140 300 290 170 120 96 70 44', 1.12, 1.16),
  homes: profile(
    '48 38 34 33 38 62 128 160 136 112 104 108 112 100 92 92 104 128 148 152 146 130 98 66',
    '52 40 35 33 36 50 88 128 148 142 128 124 122 108 98 96 106 130 150 152 144 128 100 70',
  ),
  kitchens: profile('36 30 28 28 36 80 150 150 100 80 130 200 140 70 60 74 140 230 210 140 120 100 76 50', 1.05, 1.08),
  power: profile('82 78 75 73 74 78 86 97 106 111 113 110 106 110 112 112 112 112 114 116 114 108 98 88', 0.95, 0.9),
  industry: profile('86 84 83 82 82 84 90 104 114 117 117 110 106 114 117 116 114 108 102 100 98 96 92 88', 0.92, 0.84),
  shops: profile('10 5 3 3 4 8 22 46 76 106 124 136 140 134 134 140 152 168 186 196 176 128 64 24', 1.18, 1.22),
  leisure: profile('8 4 3 3 6 18 38 52 66 82 94 98 96 106 118 124 124 126 138 146 128 90 44 18', 1.7, 1.9),
  hospital: profile('52 42 36 32 32 38 60 110 176 190 176 138 108 136 152 144 126 104 100 104 102 92 78 62', 0.88, 0.8),
  school: profile('0 0 0 0 0 0 20 200 240 240 240 240 180 240 240 240 180 60 10 0 0 0 0 0', 0.05, 0.05),
  night: profile('210 190 170 150 110 70 44 32 30 32 34 36 38 36 36 38 44 60 90 140 190 220 230 224', 1.02, 0.94),
  online: profile('86 56 36 26 24 30 50 76 98 110 118 128 136 122 116 116 118 122 126 134 142 146 138 114', 1.04, 1.06),
  parking: profile('72 71 70 70 70 72 78 92 108 116 118 116 112 114 116 116 114 108 102 98 94 88 82 76', 0.97, 0.95),
};

/** Five-minute grid points of a day. */
export const GRID = 288;

/**
 * A day of a profile at every five minutes, straight lines from half hour to half hour.
 * @param kinds of the day before, the day and the day after: midnight belongs to both sides
 */
export function profileDay(name: ProfileName, kinds: readonly [DayKind, DayKind, DayKind]): Float32Array {
  const [before, day, after] = kinds.map((kind) => profiles[name][kind]) as [readonly number[], readonly number[], readonly number[]];
  const knots = [before[23] as number, ...day, after[0] as number];
  return Float32Array.from({ length: GRID }, (_, i) => {
    const x = i / 12 + 0.5;
    const hour = Math.floor(x);
    const [left, right] = [knots[hour] as number, knots[hour + 1] as number];
    return left + (right - left) * (x - hour);
  });
}
