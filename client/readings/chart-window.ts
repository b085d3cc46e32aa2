/** How far back the chart looks: a choice of four, kept in the address (`?window=24h`), so that a link opens the same view. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const chartWindows = ['6h', '24h', '7d', '30d'] as const;
export type ChartWindow = (typeof chartWindows)[number];
export const windowMs: Record<ChartWindow, number> = { '6h': 6 * HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY };
export const DEFAULT_WINDOW: ChartWindow = '24h';

/** The window an address names; the default when it names none or an unknown one. */
export function windowOf(search: string): ChartWindow {
  const named = new URLSearchParams(search).get('window');
  return chartWindows.find((one) => one === named) ?? DEFAULT_WINDOW;
}

/** `search` with the window written into it; whatever else is there stays. */
export function searchWithWindow(search: string, window: ChartWindow): string {
  const query = new URLSearchParams(search);
  if (window === DEFAULT_WINDOW) query.delete('window');
  else query.set('window', window);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
