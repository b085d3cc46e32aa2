/** The chart's values as a table, newest first: for whoever cannot see the picture, and for whoever wants the figures. */
import { useTranslation } from 'react-i18next';
import { formatNumber, formatTime } from '../ui/format.ts';
import { useLanguage } from '../ui/use-language.ts';
import type { Row } from './series-rows.ts';

export interface ChartTableProps {
  name: string;
  rows: readonly Row[];
  isRollup: boolean;
  decimals: number;
  zone: string;
  now: number;
}

export function ChartTable({ name, rows, isRollup, decimals, zone, now }: ChartTableProps) {
  const { t } = useTranslation('readings');
  const language = useLanguage();
  const number = (value: number | null): string => (value === null ? '—' : formatNumber(value, decimals, language));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="chart-table scroll" tabIndex={0} aria-label={t('tableCaption', { name })}>
      <table>
        <caption className="visually-hidden">{t('tableCaption', { name })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('columns.time')}</th>
            <th scope="col">{t(isRollup ? 'columns.mean' : 'columns.value')}</th>
            {isRollup && <th scope="col">{t('columns.min')}</th>}
            {isRollup && <th scope="col">{t('columns.max')}</th>}
            {isRollup && <th scope="col">{t('columns.count')}</th>}
            <th scope="col">{t('columns.bad')}</th>
            <th scope="col">{t('columns.suspect')}</th>
          </tr>
        </thead>
        <tbody>
          {[...rows].reverse().map((row) => (
            <tr key={row.t}>
              <th scope="row">{formatTime(row.t, { zone, now, seconds: !isRollup })}</th>
              <td>{number(row.mean)}</td>
              {isRollup && <td>{number(row.min)}</td>}
              {isRollup && <td>{number(row.max)}</td>}
              {isRollup && <td>{row.count}</td>}
              <td>{row.bad === 0 ? '' : row.bad}</td>
              <td>{row.suspect === 0 ? '' : row.suspect}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
