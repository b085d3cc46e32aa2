/**
 * The picture as ECharts wants it: envelope, line, limits, marks, axes. What has words or needs a pointer (labels, gaps,
 * cursor) is page text over it, placed by the same geometry. Pure: colours, sizes and formats are arguments.
 */
import type { EChartsCoreOption } from 'echarts/core';
import type { Level } from '../../server/contract/index.ts';
import type { LineRow, Row } from './series-rows.ts';
import type { TimeTick } from './time-ticks.ts';
import type { ChartLimit, Scale } from './value-scale.ts';

export interface ChartColours {
  line: string;
  envelope: string;
  grid: string;
  axis: string;
  text: string;
  dim: string;
  page: string;
  level: Record<Level, string>;
  font: string;
}

/** Pixels around the plot: room for the values' axis, the limits' labels, a label over the highest value, the times. */
export const MARGIN = { left: 46, right: 70, top: 18, bottom: 26 } as const;

export interface Frame {
  width: number;
  height: number;
  from: number;
  to: number;
  scale: Scale;
}

/** Pixels from the left of the frame. */
export const xOf = (t: number, { width, from, to }: Frame): number => MARGIN.left + ((t - from) / (to - from)) * (width - MARGIN.left - MARGIN.right);

/** Pixels from the top of the frame. */
export const yOf = (value: number, { height, scale }: Frame): number => MARGIN.top + (1 - (value - scale.min) / (scale.max - scale.min)) * (height - MARGIN.top - MARGIN.bottom);

/** The instant under a pixel from the left of the frame. */
export const timeAt = (x: number, { width, from, to }: Frame): number => from + ((x - MARGIN.left) / (width - MARGIN.left - MARGIN.right)) * (to - from);

export interface OptionInput {
  frame: Frame;
  line: readonly LineRow[];
  /** Rollups show the span between least and greatest value behind their mean. */
  hasEnvelope: boolean;
  /** Values held to the end of their interval are drawn as steps. */
  isStepped: boolean;
  lonely: readonly Row[];
  suspect: readonly Row[];
  bad: readonly Row[];
  shiftMs: number;
  limits: readonly ChartLimit[];
  ticks: readonly TimeTick[];
  colours: ChartColours;
  formatValue(value: number): string;
  formatTick(tick: TimeTick): string;
}

const still = { silent: true, animation: false, emphasis: { disabled: true } } as const;

function envelope({ line, colours, isStepped }: OptionInput): object[] {
  const shape = {
    ...still,
    type: 'line',
    stack: 'envelope',
    stackStrategy: 'all',
    symbol: 'none',
    connectNulls: false,
    lineStyle: { opacity: 0 },
    step: isStepped ? 'end' : false,
  };
  return [
    { ...shape, id: 'least', data: line.map(({ t, min }) => [t, min]) },
    { ...shape, id: 'span', data: line.map(({ t, min, max }) => [t, min === null || max === null ? null : max - min]), areaStyle: { color: colours.envelope, opacity: 1 } },
  ];
}

function mainLine({ line, colours, isStepped, hasEnvelope, frame }: OptionInput): object {
  // A stepped line stands for amounts: the area under it is what there was.
  const area = isStepped && !hasEnvelope && frame.scale.min === 0 ? { areaStyle: { color: colours.envelope, opacity: 0.6, origin: 'start' } } : {};
  return {
    ...still,
    id: 'mean',
    type: 'line',
    z: 4,
    symbol: 'none',
    connectNulls: false,
    step: isStepped ? 'end' : false,
    lineStyle: { color: colours.line, width: 2, join: 'round' },
    data: line.map(({ t, mean }) => [t, mean]),
    ...area,
  };
}

function limitLine(limit: ChartLimit, { frame, colours }: OptionInput): object {
  const data = [frame.from, frame.to].map((t) => [t, limit.value]);
  return {
    ...still,
    id: `limit ${limit.level} ${limit.value}`,
    type: 'line',
    z: 2,
    symbol: 'none',
    lineStyle: { color: colours.level[limit.level], width: 1.2, type: [5, 4] },
    data,
  };
}

/** A ring for a suspect value, a dot for one that stands alone between gaps, a cross on the floor for bad ones, whose value is not to be believed. */
function marks({ suspect, lonely, bad, shiftMs, colours, frame }: OptionInput): object[] {
  const points = (rows: readonly Row[], y: (row: Row) => number | null) => rows.map((row) => [row.t + shiftMs, y(row)]);
  return [
    { ...still, id: 'lonely', type: 'scatter', z: 5, symbolSize: 4, itemStyle: { color: colours.line }, data: points(lonely, (row) => row.mean) },
    {
      ...still,
      id: 'suspect',
      type: 'scatter',
      z: 6,
      symbolSize: 7,
      itemStyle: { color: colours.page, borderColor: colours.text, borderWidth: 1.4 },
      data: points(suspect, (row) => row.mean),
    },
    {
      ...still,
      id: 'bad',
      type: 'scatter',
      z: 6,
      symbol: 'path://M0 0 L10 10 M10 0 L0 10',
      symbolSize: 7,
      symbolOffset: [0, -7],
      itemStyle: { color: 'transparent', borderColor: colours.text, borderWidth: 1.5 },
      data: points(bad, () => frame.scale.min),
    },
  ];
}

export function chartOption(input: OptionInput): EChartsCoreOption {
  const { frame, colours, ticks, limits } = input;
  const instants = ticks.map((tick) => tick.t);
  const tickAt = new Map(ticks.map((tick) => [tick.t, tick]));
  const { min, max, ticks: values } = frame.scale;
  const label = { color: colours.dim, fontFamily: colours.font, fontSize: 12.5 };
  return {
    animation: false,
    grid: { ...MARGIN, containLabel: false, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: frame.from,
      max: frame.to,
      axisLine: { show: true, onZero: false, lineStyle: { color: colours.axis } },
      axisTick: { show: true, customValues: instants, lineStyle: { color: colours.axis }, length: 4 },
      axisLabel: {
        ...label,
        customValues: instants,
        hideOverlap: true,
        formatter: (t: number) => {
          const tick = tickAt.get(t);
          return tick === undefined ? '' : tick.isDay ? `{day|${input.formatTick(tick)}}` : input.formatTick(tick);
        },
        rich: { day: { color: colours.text, fontFamily: colours.font, fontSize: 12.5, fontWeight: 600 } },
      },
      splitLine: { show: true, lineStyle: { color: colours.grid } },
    },
    yAxis: {
      type: 'value',
      min,
      max,
      axisTick: { show: false, customValues: values },
      axisLabel: { ...label, customValues: values, formatter: input.formatValue },
      splitLine: { show: true, lineStyle: { color: colours.grid } },
    },
    series: [...(input.hasEnvelope ? envelope(input) : []), ...limits.map((limit) => limitLine(limit, input)), mainLine(input), ...marks(input)],
  };
}
