/**
 * The page's words. Each folder keeps its own in `zh.json` and `en.json` beside its components and reads them with
 * `useTranslation('<folder>')`; nothing is written into a component. The language is, in this order: `?lang=` of the address,
 * what was chosen on this computer, the city's first language, Chinese.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../ui/format.ts';

const STORAGE_KEY = 'city-vitals.language';
type Words = Record<string, unknown>;

const files = import.meta.glob<Words>('../*/{zh,en}.json', { eager: true, import: 'default' });

/** Resources by language and folder, from paths such as `../alerts/zh.json`. */
function resources(): Record<string, Record<string, Words>> {
  const found: Record<string, Record<string, Words>> = { zh: {}, en: {} };
  for (const [path, words] of Object.entries(files)) {
    const [, folder, file] = path.split('/');
    const language = file?.slice(0, 2);
    if (folder === undefined || language === undefined) continue;
    const folders = found[language];
    if (folders !== undefined) folders[folder] = words;
  }
  return found;
}

const asLanguage = (text: string | null): Language | null => (text === 'zh' || text === 'en' ? text : null);

function stored(): Language | null {
  try {
    return asLanguage(localStorage.getItem(STORAGE_KEY));
  } catch {
    return null; // storage may be forbidden; then the choice lasts as long as the address
  }
}

/** The language somebody chose, by address or earlier on this computer; null when nobody did. */
export function chosenLanguage(): Language | null {
  return asLanguage(new URL(location.href).searchParams.get('lang')) ?? stored();
}

function apply(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

/** Starts with the chosen language, else Chinese until the city is known (`adoptCityLanguage`). */
export async function startI18n(): Promise<void> {
  const language = chosenLanguage() ?? 'zh';
  await i18next.use(initReactI18next).init({ lng: language, fallbackLng: 'zh', resources: resources(), interpolation: { escapeValue: false }, returnNull: false });
  apply(language);
}

/** The city's first language, unless somebody chose another. */
export function adoptCityLanguage(languages: readonly Language[]): void {
  const first = languages[0];
  if (chosenLanguage() !== null || first === undefined || first === i18next.language) return;
  apply(first);
  void i18next.changeLanguage(first);
}

/** Chosen by a person: kept in the address, so that a link opens the same view, and on this computer. */
export function chooseLanguage(language: Language): void {
  const url = new URL(location.href);
  url.searchParams.set('lang', language);
  history.replaceState(history.state, '', url);
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // the address keeps it
  }
  apply(language);
  void i18next.changeLanguage(language);
}
