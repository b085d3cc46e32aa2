/** Ages and durations that run by themselves: a text redraws only when its words change, and nothing around it does. */
import { formatAge, formatSpan, type Language } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { useLive } from './use-live.ts';

const words = (ms: number, lang: Language, fine: boolean): string => (fine ? formatSpan(ms, lang) : formatAge(ms, lang));

/** How long ago `at` (server time) was; `fine` writes two units. */
export function Age({ at, fine = false }: { at: number; fine?: boolean }) {
  const lang = useLanguage();
  return useLive((state) => words(state.now - at, lang, fine));
}
