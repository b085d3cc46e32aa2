/** One ECharts canvas for the life of its element: set when its option changes, resized when the element is. Only what the chart draws is loaded. */
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type ECharts, type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type RefObject, useEffect, useRef, useState } from 'react';

use([LineChart, ScatterChart, GridComponent, CanvasRenderer]);

/** `option` null: nothing is drawn yet. */
export function useEchart(element: RefObject<HTMLDivElement | null>, option: EChartsCoreOption | null, size: Size): void {
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const made = init(current, null, { renderer: 'canvas' });
    chart.current = made;
    return () => {
      chart.current = null;
      made.dispose();
    };
  }, [element]);
  useEffect(() => {
    const made = chart.current;
    if (made === null || option === null || size.width === 0) return;
    if (made.getWidth() !== size.width || made.getHeight() !== size.height) made.resize({ width: size.width, height: size.height, silent: true });
    // Not merged: a limit or an envelope that is no longer there must go.
    made.setOption(option, { notMerge: true, lazyUpdate: false, silent: true });
  }, [option, size]);
}

export interface Size {
  width: number;
  height: number;
}

/** The element's inner size in whole CSS pixels, 0 before it is laid out. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      const next = { width: current.clientWidth, height: current.clientHeight };
      setSize((before) => (before.width === next.width && before.height === next.height ? before : next));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** True once the fonts of `family` are there; also when they cannot be had, since a chart in another font beats none. */
export function useFont(family: string): boolean {
  const [isLoaded, setLoaded] = useState(false);
  useEffect(() => {
    let isWanted = true;
    const done = (): void => {
      if (isWanted) setLoaded(true);
    };
    Promise.all([document.fonts.load(`500 12px "${family}"`), document.fonts.load(`600 12px "${family}"`)]).then(done, done);
    return () => {
      isWanted = false;
    };
  }, [family]);
  return isLoaded;
}
