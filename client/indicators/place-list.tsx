/**
 * The places of one indicator, the worst first; choosing one takes its series to the chart and the map. The order is made anew when a
 * state changes, else every half minute: rows that change places with every reading cannot be read or hit.
 */
import { memo, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaceMap } from '../catalogue/use-catalogue.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { nameIn } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import { worstFirst } from './browse.ts';
import { Counts } from './counts.tsx';
import { RowMark } from './row-mark.tsx';
import type { Summary } from './summary.ts';
import { type Candidate, candidateOf } from './tile.ts';
import { momentNow, useSummaries } from './use-vitals.ts';
import { AgeText, ValueText } from './value-text.tsx';
import type { Vital } from './vitals.ts';

/** So many rows at a time: more are not read, and each costs a second's share when its value moves. */
const PAGE = 100;
const REORDER_MS = 30_000;

/** Counts up once every `ms`. */
function useBeat(ms: number): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setBeat((before) => before + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return beat;
}

function useOrder({ vitals, standing, levels }: Summary): readonly Vital[] {
  const beat = useBeat(REORDER_MS);
  const states = `${Object.values(standing).join(' ')} ${Object.values(levels).join(' ')}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `states` and `beat` are what the order is made anew for; values alone are not.
  return useMemo(() => worstFirst(vitals, momentNow()).map((one) => one.vital), [vitals, states, beat]);
}

export function PlaceList({ id }: { id: string }) {
  const { t } = useTranslation('indicators');
  const summary = useSummaries((summaries) => summaries.byIndicator.get(id));
  if (summary === undefined) {
    return (
      <div className="empty">
        <strong>{t('noSeries')}</strong>
        <span>{t('noSeriesNext')}</span>
      </div>
    );
  }
  return <Places summary={summary} />;
}

function Places({ summary }: { summary: Summary }) {
  const { t } = useTranslation('indicators');
  const order = useOrder(summary);
  const [most, setMost] = useState(PAGE);
  const moment = momentNow();
  const more = order.length - most;
  return (
    <div className="scroll browse-scroll">
      <p className="browse-found">
        {t('places', { count: order.length })} <Counts standing={summary.standing} levels={summary.levels} />
      </p>
      <ul className="browse-rows">
        {order.slice(0, most).map((vital) => (
          <PlaceRow key={vital.series.id} {...candidateOf(vital, moment)} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="button browse-more" onClick={() => setMost((before) => before + PAGE)}>
          {t('morePlaces', { count: more })}
        </button>
      )}
    </div>
  );
}

const PlaceRow = memo(function PlaceRow({ vital, latest, state, alert }: Candidate) {
  const lang = useLanguage();
  const { series, place, indicator } = vital;
  const parent = usePlaceMap().get(place.parent ?? '');
  const isShown = useLive(({ selected }) => selected?.indicator === series.indicator && selected.place === series.place && selected.facet === series.facet);
  const facet = indicator.facets.find((one) => one.id === series.facet);
  const name = nameIn(place.name, lang);
  // Of what is counted for the whole city by department or topic, that is what tells the rows apart.
  const [title, about] = facet === undefined ? [name, parent === undefined ? '' : nameIn(parent.name, lang)] : [nameIn(facet.name, lang), name];
  return (
    <li className="browse-item" data-level={alert?.level ?? undefined}>
      <button
        type="button"
        className="browse-row browse-place"
        data-row={series.id}
        aria-pressed={isShown}
        onClick={() => liveStore.getState().select({ indicator: series.indicator, place: series.place, facet: series.facet })}
      >
        <RowMark alert={alert} state={state} />
        <span className="browse-name truncate" title={title}>
          {title} <span className="browse-about">{about}</span>
        </span>
        <AgeText latest={latest} state={state} />
        <ValueText indicator={indicator} latest={latest} state={state} />
      </button>
    </li>
  );
});
