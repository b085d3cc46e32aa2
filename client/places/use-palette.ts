/** The palette of the page's present theme: read anew when the theme changes, the same object until then. */
import { useRef } from 'react';
import { useTheme } from '../ui/use-theme.ts';
import { type Palette, readPalette } from './palette.ts';

export function usePalette(): Palette {
  const theme = useTheme();
  const read = useRef<{ theme: string; palette: Palette } | null>(null);
  if (read.current === null || read.current.theme !== theme) read.current = { theme, palette: readPalette(document.documentElement) };
  return read.current.palette;
}
