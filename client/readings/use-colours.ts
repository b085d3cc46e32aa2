/** The chart's colours in the page's present theme: read anew when it changes, the same object until then. */
import { useRef } from 'react';
import { useTheme } from '../ui/use-theme.ts';
import { readColours } from './chart-colours.ts';
import type { ChartColours } from './chart-option.ts';

export function useColours(): ChartColours {
  const theme = useTheme();
  const read = useRef<{ theme: string; colours: ChartColours } | null>(null);
  if (read.current === null || read.current.theme !== theme) read.current = { theme, colours: readColours(document.documentElement) };
  return read.current.colours;
}
