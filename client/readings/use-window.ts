/** The chart's window, tied to the address both ways. */
import { useMemo } from 'react';
import { changeParams, useParam } from '../ui/query-params.ts';
import { type ChartWindow, nameOfWindow, usualSpan, windowNamed } from './chart-window.ts';

const choose = (window: ChartWindow): void => changeParams({ window: nameOfWindow(window) });

/** @param intervalMs of what is shown: the usual window follows it, until one is chosen. */
export function useWindow(intervalMs: number | undefined): [ChartWindow, (window: ChartWindow) => void] {
  const named = useParam('window');
  const usual = usualSpan(intervalMs);
  return [useMemo(() => windowNamed(named, usual), [named, usual]), choose];
}
