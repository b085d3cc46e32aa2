/** What was opened is closed in reverse order, and one end that fails does not keep the others from theirs. */

export interface Ends {
  add(name: string, end: () => Promise<unknown>): void;
  run(): Promise<void>;
}

/** `failed` is told of each end that did not end in good order. */
export function createEnds(failed: (name: string, error: unknown) => void): Ends {
  const ends: { name: string; end: () => Promise<unknown> }[] = [];
  return {
    add: (name, end) => ends.push({ name, end }),
    async run() {
      for (const { name, end } of ends.splice(0).reverse()) {
        try {
          await end();
        } catch (error) {
          failed(name, error);
        }
      }
    },
  };
}
