/** An alert as the wire shows it. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Alert, alertIdSchema, indicatorIdSchema, placeIdSchema, ruleIdSchema, type Series } from '../contract/index.ts';
import { viewOf } from './state.ts';
import type { AlertRecord } from './store.ts';

export function presentAlert(record: AlertRecord, series: Series, catalogue: Catalogue): Alert {
  const rule = catalogue.rules.get(record.rule);
  const { since, ...view } = viewOf(record.state);
  return {
    id: alertIdSchema.parse(String(record.id)),
    rule: ruleIdSchema.parse(record.rule),
    ruleName: rule?.name ?? { zh: record.rule, en: record.rule },
    series: series.id,
    indicator: indicatorIdSchema.parse(series.indicator),
    place: placeIdSchema.parse(series.place),
    facet: series.facet,
    ...view,
    since: since ?? record.state.seen?.observedAt ?? 0,
    suppression: null,
    lifeSafety: rule?.lifeSafety ?? false,
    simulated: series.simulated,
    journalId: record.journalId,
  };
}
