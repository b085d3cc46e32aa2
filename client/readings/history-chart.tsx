/** The chart. */
export function HistoryChart() {
  return <div />;
}
