/** Switches between the two languages; each is named in itself, so that whoever needs it can read it. */
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../ui/use-language.ts';
import { chooseLanguage } from './i18n.ts';

export function LanguageSwitch() {
  const { t } = useTranslation('ui');
  const other = useLanguage() === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" className="button button-small" lang={other === 'zh' ? 'zh-CN' : 'en'} aria-label={t('language.long')} onClick={() => chooseLanguage(other)}>
      {t('language.short')}
    </button>
  );
}
