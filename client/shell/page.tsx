/**
 * The one page: alerts left, map over chart in the middle, vital signs right; on a phone one below the other. It owns the
 * connection and the address; every panel reads the store by itself and fails by itself.
 */
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertList } from '../alerts/alert-list.tsx';
import { Announcer } from '../alerts/announcer.tsx';
import { followCatalogue, useCity } from '../catalogue/use-catalogue.ts';
import { SESSION_KEY } from '../http/queries.ts';
import { adoptCityLanguage } from '../i18n/i18n.ts';
import { useSummaryLife } from '../indicators/use-vitals.ts';
import { VitalsPanel } from '../indicators/vitals-panel.tsx';
import { startConnection } from '../live/connection.ts';
import { liveStore } from '../live/store.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { ToastProvider } from '../ui/toast.tsx';
import { followAddress } from './address.ts';
import { Banners } from './banners.tsx';
import { Header } from './header.tsx';
import { Standing } from './standing.tsx';
import { useFirstSelection } from './use-first-selection.ts';
import './page.css';

const CityMap = lazy(async () => ({ default: (await import('../places/city-map.tsx')).CityMap }));
const HistoryChart = lazy(async () => ({ default: (await import('../readings/history-chart.tsx')).HistoryChart }));

/** Everything that runs as long as the page does. */
function usePageLife(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stops = [
      followAddress(liveStore),
      followCatalogue(liveStore, queries),
      // Asking for the session anew ends at the sign-in form when it is truly gone.
      startConnection({ store: liveStore, onUnauthenticated: () => void queries.invalidateQueries({ queryKey: SESSION_KEY }) }),
    ];
    return () => {
      for (const stop of stops.reverse()) stop();
    };
  }, [queries]);
  const languages = useCity().data?.languages;
  useEffect(() => {
    if (languages !== undefined) adoptCityLanguage(languages);
  }, [languages]);
  useSummaryLife();
  useFirstSelection();
}

export function Page() {
  const { t } = useTranslation('shell');
  usePageLife();
  const isGrouped = (useCity().data?.groups.length ?? 0) > 0;
  return (
    <ToastProvider>
      <div className="page">
        <a className="skip" href="#alerts">
          {t('skip')}
        </a>
        <Header />
        <Banners />
        <main className="page-grid" data-grouped={isGrouped}>
          <div className="page-left" id="alerts" tabIndex={-1}>
            <Standing />
            <AlertList />
          </div>
          <VitalsPanel />
          <section className="panel page-map" aria-label={t('map')}>
            <PanelBoundary>
              <Suspense fallback={<Loading />}>
                <CityMap />
              </Suspense>
            </PanelBoundary>
          </section>
          <section className="panel page-chart" aria-label={t('chart')}>
            <PanelBoundary>
              <Suspense fallback={<Loading />}>
                <HistoryChart />
              </Suspense>
            </PanelBoundary>
          </section>
        </main>
        <Announcer />
      </div>
    </ToastProvider>
  );
}

function Loading() {
  const { t } = useTranslation('ui');
  return (
    <p className="empty" role="status">
      {t('panelLoading')}
    </p>
  );
}
