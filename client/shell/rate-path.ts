/** The strip of received readings as one path of bars, newest at the right. */
export const RATE_HEIGHT = 20;
export const RATE_STEP = 2;
const BAR = 1.4;

/** At least two pixels for a second with readings, a trace on the line for one without. */
export function ratePath(rate: readonly number[]): string {
  const most = Math.max(1, ...rate);
  return rate
    .map((count, i) => {
      const height = count === 0 ? 1 : Math.max(2, Math.round((count / most) * RATE_HEIGHT));
      return `M${i * RATE_STEP} ${RATE_HEIGHT - height}h${BAR}v${height}h-${BAR}z`;
    })
    .join('');
}
