/** All sources on a phone: one card each, its figures in a small grid with their names. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { COUNTERS, Count, Lag, LastError, LastSuccess, QuarantineCell, SourceName, StateCell } from './source-parts.tsx';
import type { SourceListProps } from './source-table.tsx';

export function SourceCards({ sources, onOpen }: SourceListProps) {
  const { t } = useTranslation('sources');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="sources-scroll" tabIndex={0} aria-label={t('title')}>
      <ul>
        {sources.map((source) => (
          <li key={source.id} className="source-card" data-state={source.state}>
            <h3>
              <SourceName source={source} />
            </h3>
            <StateCell source={source} />
            <dl className="source-facts">
              <Fact name={t('columns.lastSuccess')}>
                <LastSuccess source={source} />
              </Fact>
              <Fact name={t('columns.lag')}>
                <Lag source={source} />
              </Fact>
              <Fact name={t('columns.rate')}>
                <Count value={source.ratePerMinute} />
              </Fact>
              {COUNTERS.map((key) => (
                <Fact key={key} name={t(`columns.${key}`)}>
                  <Count value={source[key]} />
                </Fact>
              ))}
              <Fact name={t('columns.quarantined')}>
                <QuarantineCell source={source} onOpen={onOpen} />
              </Fact>
            </dl>
            <LastError source={source} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
