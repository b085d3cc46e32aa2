/** How far the past has been sent: a bar that redraws itself on a terminal, a line at each quarter elsewhere. */

export interface ProgressOutput {
  isTTY: boolean;
  columns: number;
  write(text: string): void;
}

const BAR_WIDTH = 30;
const grouped = new Intl.NumberFormat('en-US');

/** A function that is told `done` and `total`, and draws what has changed. */
export function createProgress(output: ProgressOutput): (done: number, total: number) => void {
  let quarter = 0;
  return (done, total) => {
    const share = total === 0 ? 1 : done / total;
    const said = `${grouped.format(done)} of ${grouped.format(total)} readings`;
    if (output.isTTY) {
      const full = Math.round(share * BAR_WIDTH);
      const line = `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}] ${Math.floor(share * 100)} %  ${said}`;
      // A line that wraps could not be redrawn.
      output.write(`\r${line.slice(0, Math.max(output.columns - 1, 1))}\u001b[K${done === total ? '\n' : ''}`);
      return;
    }
    const reached = Math.floor(share * 4);
    if (reached <= quarter) return;
    quarter = reached;
    output.write(`${reached * 25} % sent, ${said}\n`);
  };
}
