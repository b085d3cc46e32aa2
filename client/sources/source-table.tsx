/** All sources at a desk: one row each, figures under each other. What it last failed with has a line of its own below its row. */
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourceHealth } from '../../server/contract/index.ts';
import { COUNTERS, Count, Lag, LastError, LastSuccess, QuarantineCell, SourceName, StateCell } from './source-parts.tsx';

export interface SourceListProps {
  /** In the order in which they are read. */
  sources: readonly SourceHealth[];
  onOpen(id: string): void;
}

export function SourceTable({ sources, onOpen }: SourceListProps) {
  const { t } = useTranslation('sources');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="sources-scroll" tabIndex={0} aria-label={t('title')}>
      <table className="source-table">
        <thead>
          <tr>
            <th scope="col">{t('columns.name')}</th>
            <th scope="col">{t('columns.state')}</th>
            <th scope="col">{t('columns.lastSuccess')}</th>
            <th scope="col">{t('columns.lag')}</th>
            <th scope="col">{t('columns.rate')}</th>
            {COUNTERS.map((key) => (
              <th key={key} scope="col">
                {t(`columns.${key}`)}
              </th>
            ))}
            <th scope="col">{t('columns.quarantined')}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <Fragment key={source.id}>
              <tr data-state={source.state} data-continued={source.lastError !== null}>
                <th scope="row">
                  <SourceName source={source} />
                </th>
                <td>
                  <StateCell source={source} />
                </td>
                <td>
                  <LastSuccess source={source} />
                </td>
                <td>
                  <Lag source={source} />
                </td>
                <td>
                  <Count value={source.ratePerMinute} />
                </td>
                {COUNTERS.map((key) => (
                  <td key={key}>
                    <Count value={source[key]} />
                  </td>
                ))}
                <td>
                  <QuarantineCell source={source} onOpen={onOpen} />
                </td>
              </tr>
              {source.lastError !== null && (
                <tr className="source-error-row" data-state={source.state}>
                  <td colSpan={6 + COUNTERS.length}>
                    <LastError source={source} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}
