/** What an upload of a CSV is answered with. */
import { z } from 'zod';

export const csvAnswerSchema = z.object({
  dryRun: z.boolean(),
  /** False when the file broke off: what stands below the last rejected row was not read. */
  complete: z.boolean(),
  rows: z.number().int(),
  /** Readings found in them. */
  readings: z.number().int(),
  /** Rows passed over and cells without a value. */
  skipped: z.number().int(),
  /** Local times that came twice (clocks went back) and were taken as declared. */
  ambiguousTimes: z.number().int(),
  accepted: z.number().int(),
  /** In a dry run: repeated inside the file. What the store holds is not looked up. */
  duplicates: z.number().int(),
  /** In a dry run: given twice in the file with another value. */
  revised: z.number().int(),
  rejectedTotal: z.number().int(),
  /** The first thousand. `row` as a spreadsheet numbers it; `column` is empty when no single one is to blame. */
  rejected: z.array(z.object({ row: z.number().int(), column: z.string(), code: z.string(), path: z.string(), message: z.string() })),
});
export type CsvAnswer = z.infer<typeof csvAnswerSchema>;
