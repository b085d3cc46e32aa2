/** How a CSV is read into readings: which column is what, which zone its local times are in. Shared by uploads and drop folders. */
import { z } from 'zod';

export const csvMappingSchema = z.looseObject({});
export type CsvMapping = z.infer<typeof csvMappingSchema>;
