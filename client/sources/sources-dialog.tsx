/**
 * The panel of the sources: first all of them, then the quarantine of one. Escape goes one step back, and the focus returns to where
 * the step began.
 */
import { Dialog } from 'radix-ui';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/use-live.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { CityTime } from './moment.tsx';
import { orderSources, tallySources, toldStates } from './order.ts';
import type { SourcesPanel } from './panel-address.ts';
import { QuarantineView } from './quarantine-view.tsx';
import { SourceCards } from './source-cards.tsx';
import { SourceMark } from './source-mark.tsx';
import { SourceTable } from './source-table.tsx';
import { useIsNarrow } from './use-is-narrow.ts';
import './sources.css';

export interface SourcesDialogProps {
  panel: SourcesPanel;
  onGo(next: SourcesPanel): void;
}

export function SourcesDialog({ panel, onGo }: SourcesDialogProps) {
  const { t } = useTranslation('sources');
  /** The source whose quarantine was looked at last: the focus returns to its button. */
  const seen = useRef<string | null>(null);
  if (panel.kind === 'source') seen.current = panel.id;
  return (
    <Dialog.Root open={panel.kind !== 'closed'} onOpenChange={(open) => !open && onGo({ kind: 'closed' })}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-scrim" />
        <Dialog.Content
          className="dialog sources-dialog"
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => {
            if (panel.kind !== 'source') return;
            event.preventDefault();
            onGo({ kind: 'list' });
          }}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.target as HTMLElement).querySelector<HTMLElement>('.dialog-title')?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            seen.current = null;
            document.querySelector<HTMLElement>('.fact-sources')?.focus();
          }}
        >
          <PanelBoundary>
            {panel.kind === 'source' ? (
              <QuarantineView key={panel.id} id={panel.id} onBack={() => onGo({ kind: 'list' })} />
            ) : (
              <AllSources cameFrom={seen.current} onOpen={(id) => onGo({ kind: 'source', id })} />
            )}
          </PanelBoundary>
          <Dialog.Close className="sources-close" aria-label={t('close')}>
            ×
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function AllSources({ cameFrom, onOpen }: { cameFrom: string | null; onOpen(id: string): void }) {
  const { t } = useTranslation('sources');
  const frame = useLive((state) => state.sources);
  const ordered = useMemo(() => orderSources(frame?.sources ?? []), [frame]);
  const isNarrow = useIsNarrow();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (cameFrom === null) return;
    const button = document.querySelector<HTMLElement>(`.source-open[data-source="${CSS.escape(cameFrom)}"]`);
    // Its quarantine may have become empty: then there is no button any more.
    (button ?? title.current)?.focus();
  }, [cameFrom]);
  const List = isNarrow ? SourceCards : SourceTable;
  return (
    <>
      <header className="sources-head">
        <Dialog.Title ref={title} tabIndex={-1} className="dialog-title">
          {t('title')}
        </Dialog.Title>
        <Summary />
      </header>
      {frame === null && (
        <p className="empty" role="status">
          {t('loading')}
        </p>
      )}
      {frame !== null && ordered.length === 0 && (
        <div className="empty">
          <strong>{t('none')}</strong>
          <span>{t('noneNext')}</span>
        </div>
      )}
      {ordered.length > 0 && <List sources={ordered} onOpen={onOpen} />}
      {ordered.length > 0 && <p className="sources-foot">{t('foot')}</p>}
    </>
  );
}

/** How they stand together; when the link is gone, of when that is. */
function Summary() {
  const { t } = useTranslation('sources');
  const frame = useLive((state) => state.sources);
  const isLost = useLive((state) => state.connection === 'lost' || state.connection === 'refused');
  const tally = useMemo(() => tallySources(frame?.sources ?? []), [frame]);
  if (frame === null || tally.total === 0) return null;
  return (
    <p className="sources-summary">
      <span>{t('total', { count: tally.total })}</span>
      {toldStates(tally).map((state) => (
        <span key={state} className="source-count" data-state={state}>
          <SourceMark state={state} />
          {state === 'ok' ? t('allWell') : t(`count.${state}`, { count: tally.counts[state] })}
        </span>
      ))}
      {tally.quarantined > 0 && <span>{t('quarantine.total', { count: tally.quarantined })}</span>}
      {isLost && (
        <span className="sources-lost hatched" role="status">
          {t('lastKnown')} <CityTime at={frame.serverTime} />
        </span>
      )}
    </p>
  );
}
