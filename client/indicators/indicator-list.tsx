/** Indicators by domain: each with its worst place, value, age and counts. One with a single series goes to the chart at once, another opens its places. */
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Indicator } from '../../server/contract/index.ts';
import { useCity, useIndicators } from '../catalogue/use-catalogue.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { nameIn } from '../ui/format.ts';
import { changeParams } from '../ui/query-params.ts';
import { useLanguage } from '../ui/use-language.ts';
import { type Section, sectionsOf } from './browse.ts';
import { Counts } from './counts.tsx';
import { RowMark } from './row-mark.tsx';
import { type Summaries, type Summary, sumLevels, sumStanding } from './summary.ts';
import { useIndicatorSummaries } from './use-vitals.ts';
import { AgeText, ValueText } from './value-text.tsx';

const noGroups: never[] = [];

export function IndicatorList({ group, find }: { group: string; find: string }) {
  const { t } = useTranslation('indicators');
  const indicators = useIndicators().data?.indicators;
  const groups = useCity().data?.groups ?? noGroups;
  const byIndicator = useIndicatorSummaries();
  const sections = useMemo(() => sectionsOf({ indicators: indicators ?? [], groups, group, find }), [indicators, groups, group, find]);
  const count = sections.reduce((sum, section) => sum + section.indicators.length, 0);
  return (
    <div className="scroll browse-scroll">
      <p className="browse-found" role="status">
        {find === '' ? t('indicatorCount', { count }) : t('found', { count })}
      </p>
      {count === 0 && (
        <div className="empty">
          <strong>{find === '' ? t('emptyGroup') : t('foundNothing', { find })}</strong>
          <span>{find === '' ? t('emptyGroupNext') : t('foundNothingNext')}</span>
        </div>
      )}
      <Sections sections={sections} byIndicator={byIndicator} />
    </div>
  );
}

const Sections = memo(function Sections({ sections, byIndicator }: { sections: readonly Section[]; byIndicator: Summaries['byIndicator'] }) {
  const lang = useLanguage();
  return sections.map(({ id, name, indicators: members }) => (
    <section key={id} aria-labelledby={`domain-${id}`}>
      <DomainHead id={id} name={nameIn(name, lang)} summaries={members.flatMap((one) => byIndicator.get(one.id) ?? [])} />
      <ul className="browse-rows">
        {members.map((one) => (
          <IndicatorRow key={one.id} indicator={one} summary={byIndicator.get(one.id)} />
        ))}
      </ul>
    </section>
  ));
});

function DomainHead({ id, name, summaries }: { id: string; name: string; summaries: Summary[] }) {
  return (
    <h3 className="browse-domain" id={`domain-${id}`}>
      <span>{name}</span>
      <Counts standing={sumStanding(summaries)} levels={sumLevels(summaries)} />
    </h3>
  );
}

/** Drawn anew only when its own summary is another. */
const IndicatorRow = memo(function IndicatorRow({ indicator, summary }: { indicator: Indicator; summary: Summary | undefined }) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  const isShown = useLive((state) => state.selected?.indicator === indicator.id);
  const worst = summary?.worst ?? null;
  const many = summary !== undefined && summary.vitals.length > 1;
  const open = (): void => {
    const only = summary?.vitals.length === 1 ? summary.vitals[0] : undefined;
    if (only === undefined) changeParams({ list: indicator.id });
    else liveStore.getState().select({ indicator: only.series.indicator, place: only.series.place, facet: only.series.facet });
  };
  const facet = worst === null ? undefined : indicator.facets.find((one) => one.id === worst.vital.series.facet);
  const where = worst === null ? t('noSeries') : `${nameIn(worst.vital.place.name, lang)}${facet === undefined ? '' : ` ${nameIn(facet.name, lang)}`}`;
  return (
    <li className="browse-item" data-level={worst?.alert?.level ?? undefined}>
      <button type="button" className="browse-row" data-row={indicator.id} aria-current={isShown ? 'true' : undefined} onClick={open}>
        <RowMark alert={worst?.alert ?? null} state={worst?.state ?? 'missing'} />
        <span className="browse-line">
          <span className="browse-name truncate" title={nameIn(indicator.name, lang)}>
            {nameIn(indicator.name, lang)}
          </span>
          <ValueText indicator={indicator} latest={worst?.latest} state={worst?.state ?? 'missing'} />
        </span>
        <span className="browse-line">
          <span className="browse-where truncate">
            {where}
            {many && <span className="tile-worst"> {t('worstOf', { count: summary.vitals.length })}</span>}
          </span>
          <span className="browse-facts">
            {many && <Counts standing={summary.standing} levels={summary.levels} />}
            <AgeText latest={worst?.latest} state={worst?.state ?? 'missing'} />
          </span>
        </span>
      </button>
    </li>
  );
});
