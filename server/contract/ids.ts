/**
 * Identifiers on the wire and inside. They are branded, so that a place can never be passed where an indicator is
 * meant; the brand exists for the compiler only and costs nothing at run time.
 */
import { z } from 'zod';

/** What an id in YAML, on the wire and in the store may look like. Dots and capitals are refused on purpose: ids end in URLs and SQL. */
export const ID_PATTERN = /^[a-z][a-z0-9_]{0,79}$/;

const id = z.string().regex(ID_PATTERN, 'an id is snake_case: a lower-case letter, then letters, digits or _ (at most 80)');

export const indicatorIdSchema = id.brand<'IndicatorId'>();
export const placeIdSchema = id.brand<'PlaceId'>();
export const ruleIdSchema = id.brand<'RuleId'>();
export const sourceIdSchema = id.brand<'SourceId'>();
export const facetSchema = id.brand<'Facet'>();

/** A series' number in the store. Stable for the life of a store; strangers should rather use indicator, place and facet. */
export const seriesIdSchema = z.number().int().positive().brand<'SeriesId'>();

/** An alert's id: a decimal number as a string, so that no client rounds it. */
export const alertIdSchema = z
  .string()
  .regex(/^[0-9]{1,19}$/)
  .brand<'AlertId'>();
export type AlertId = z.infer<typeof alertIdSchema>;

/** A name in both languages. Chinese comes first; both are required everywhere a person reads a name. */
export const bilingualSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Bilingual = z.infer<typeof bilingualSchema>;

/** An instant on the wire: epoch milliseconds. */
export const instantSchema = z.number().int();
