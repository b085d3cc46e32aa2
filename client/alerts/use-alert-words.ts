/** An alert in words: where, what, how much against which limit. One wording for the card, the dialog, the toast and the announcement. */
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../server/contract/index.ts';
import { useIndicatorMap, usePlaceMap } from '../catalogue/use-catalogue.ts';
import { formatLimit, levelName, nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { levelOf } from './order.ts';

export interface AlertWords {
  place: string;
  indicator: string;
  unit: string;
  decimals: number;
  /** "I 红". */
  level: string;
  /** The limit as a number in words, or null. */
  limit: string | null;
  /** Place and indicator together. */
  title: string;
}

export function useAlertWords(): (alert: Alert) => AlertWords {
  const { t } = useTranslation('alerts');
  const lang = useLanguage();
  const indicators = useIndicatorMap();
  const places = usePlaceMap();
  return (alert) => {
    const indicator = indicators.get(alert.indicator);
    const facet = alert.facet === null ? undefined : indicator?.facets.find((one) => one.id === alert.facet);
    const decimals = indicator?.decimals ?? 0;
    const place = places.get(alert.place)?.name;
    // Until the catalogue is there, the rule's own name says more than an id.
    const what = indicator === undefined ? nameIn(alert.ruleName, lang) : nameIn(indicator.name, lang);
    const words = {
      place: place === undefined ? alert.place : nameIn(place, lang),
      indicator: facet === undefined ? what : `${what} ${nameIn(facet.name, lang)}`,
      unit: indicator === undefined ? '' : nameIn(indicator.unitLabel, lang),
      decimals,
      level: levelName(levelOf(alert), lang),
      limit: alert.limit === null ? null : formatLimit(alert.limit, lang),
    };
    return { ...words, title: t('titleOf', { place: words.place, indicator: words.indicator }) };
  };
}
