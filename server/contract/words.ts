/** Words and numbers that the page needs at run time. Apart from the schemas, so that a page does not carry a schema library for a list of four words. */

/** Raised when an old client could misread a new server. The server refuses any other number. */
export const PROTOCOL_VERSION = 1;

/** From least to worst. Numerals IV to I are display only. */
export const levels = ['blue', 'yellow', 'orange', 'red'] as const;

export const qualities = ['good', 'suspect', 'bad'] as const;

/**
 * Why a reading has its quality. `filled`: put in by the sender's adapter where the device sends nothing when all is dry;
 * `estimated`, `provisional`: the publisher says so; `out_of_range`: outside the indicator's physical range, judged at the door;
 * `as_sent`: the sender said so without a reason.
 */
export const qualityReasons = ['filled', 'out_of_range', 'estimated', 'provisional', 'as_sent'] as const;

/** The forms in which history is stored, from the finest; buckets that are shown are made from one of them. */
export const resolutions = ['raw', '1m', '1h', '1d'] as const;
