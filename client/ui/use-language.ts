/** The page's language as a value, for the pure formats. */
import { useTranslation } from 'react-i18next';
import type { Language } from './format.ts';

export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh';
}
