/**
 * The marks of the map, drawn once per theme on a canvas at the screen's own pixel ratio. Colour is never alone: each level
 * has its shape (as `ui/level-mark.tsx` has), solid is unacknowledged, hollow acknowledged, dashed unknown; what is not known
 * is hatched or dashed, never a plain dot.
 */
import type { Level } from '../../server/contract/index.ts';
import { levels } from '../../server/contract/words.ts';
import type { Palette } from './palette.ts';
import type { MarkName } from './station-states.ts';

/** Side of a sprite's square, CSS pixels; the marks inside are smaller, so that their halo fits. */
export const SPRITE_SIZE = 24;
const CENTRE = SPRITE_SIZE / 2;

export interface Sprite {
  name: string;
  image: ImageData;
  pixelRatio: number;
}

type Context = OffscreenCanvasRenderingContext2D;
type Draw = (context: Context, palette: Palette) => void;

function circle(context: Context, radius: number): void {
  context.beginPath();
  context.arc(CENTRE, CENTRE, radius, 0, 2 * Math.PI);
}

function polygon(context: Context, points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
}

const outlines: Record<Level, (context: Context) => void> = {
  blue: (context) => circle(context, 6),
  yellow: (context) =>
    polygon(context, [
      [12, 4.6],
      [19.6, 18],
      [4.4, 18],
    ]),
  orange: (context) =>
    polygon(context, [
      [12, 3.8],
      [20.2, 12],
      [12, 20.2],
      [3.8, 12],
    ]),
  red: (context) =>
    polygon(context, [
      [5.5, 5.5],
      [18.5, 5.5],
      [18.5, 18.5],
      [5.5, 18.5],
    ]),
};

/** A dark edge around every mark, so that it stands on any ground. */
function halo(context: Context, palette: Palette, width: number): void {
  context.strokeStyle = palette.page;
  context.lineWidth = width;
  context.stroke();
}

function drawLevel(level: Level, fill: 'solid' | 'hollow' | 'unknown'): Draw {
  return (context, palette) => {
    context.lineJoin = 'round';
    outlines[level](context);
    halo(context, palette, 5);
    context.fillStyle = fill === 'solid' ? palette.level[level] : palette.page;
    context.fill();
    context.strokeStyle = palette.level[level];
    context.lineWidth = 2;
    if (fill === 'unknown') context.setLineDash([3.2, 2.2]);
    context.stroke();
    if (fill !== 'unknown') return;
    context.fillStyle = palette.level[level];
    context.font = '700 9px sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText('?', CENTRE, CENTRE + (level === 'yellow' ? 2 : 0.5));
  };
}

/** Diagonal lines inside the current path, at the angle of the page's hatching. */
function hatch(context: Context, colour: string): void {
  context.save();
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.1;
  context.beginPath();
  for (let x = -SPRITE_SIZE; x < 2 * SPRITE_SIZE; x += 3) {
    context.moveTo(x, 0);
    context.lineTo(x + SPRITE_SIZE, SPRITE_SIZE);
  }
  context.stroke();
  context.restore();
}

const drawNormal: Draw = (context, palette) => {
  circle(context, 4);
  halo(context, palette, 3);
  context.fillStyle = palette.page;
  context.fill();
  context.strokeStyle = palette.normal;
  context.lineWidth = 1.2;
  context.stroke();
  circle(context, 1.8);
  context.fillStyle = palette.normal;
  context.fill();
};

const drawStale: Draw = (context, palette) => {
  circle(context, 5.4);
  halo(context, palette, 4);
  context.fillStyle = palette.page;
  context.fill();
  hatch(context, palette.unknown);
  circle(context, 5.4);
  context.strokeStyle = palette.unknown;
  context.lineWidth = 1.2;
  context.stroke();
};

const drawMissing: Draw = (context, palette) => {
  circle(context, 5);
  halo(context, palette, 4);
  context.fillStyle = palette.page;
  context.fill();
  context.setLineDash([2.4, 2]);
  context.strokeStyle = palette.unknown;
  context.lineWidth = 1.4;
  context.stroke();
};

/** A dot with a stroke through it; a bad one has a cross. */
function drawDoubtful(strokes: 1 | 2): Draw {
  return (context, palette) => {
    drawNormal(context, palette);
    for (const [width, colour] of [
      [4, palette.page],
      [1.6, palette.unknown],
    ] as const) {
      context.beginPath();
      context.moveTo(CENTRE - 6, CENTRE + 6);
      context.lineTo(CENTRE + 6, CENTRE - 6);
      if (strokes === 2) {
        context.moveTo(CENTRE - 6, CENTRE - 6);
        context.lineTo(CENTRE + 6, CENTRE + 6);
      }
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  };
}

const marks: Partial<Record<MarkName, Draw>> = { normal: drawNormal, stale: drawStale, missing: drawMissing, suspect: drawDoubtful(1), bad: drawDoubtful(2) };
for (const level of levels) for (const fill of ['solid', 'hollow', 'unknown'] as const) marks[`${level}-${fill}`] = drawLevel(level, fill);

/** Every mark in `palette`, for a screen of `pixelRatio`. */
export function drawSprites(palette: Palette, pixelRatio: number): Sprite[] {
  const side = Math.round(SPRITE_SIZE * pixelRatio);
  return Object.entries(marks).map(([name, draw]) => {
    const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no 2D canvas');
    context.scale(side / SPRITE_SIZE, side / SPRITE_SIZE);
    draw(context, palette);
    return { name, image: context.getImageData(0, 0, side, side), pixelRatio: side / SPRITE_SIZE };
  });
}
