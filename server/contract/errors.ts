/** The catalogue of error codes: each failure a caller may meet has one, with the HTTP status that carries it. */

export const errorStatus = {
  // about the request
  malformed_json: 400,
  malformed_line: 400,
  invalid_request: 400,
  invalid_gzip: 400,
  lines_rejected: 400,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  body_too_large: 413,
  body_too_slow: 408,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  // about who asks
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  cross_site: 403,
  too_many_requests: 429,
  // about the server
  overloaded: 503,
  store_unavailable: 503,
  too_slow: 503,
  store_full: 503,
  internal: 500,
  // about one reading; they never fail the request
  wrong_type: 400,
  missing_field: 400,
  not_finite: 400,
  unknown_indicator: 400,
  unknown_place: 400,
  unknown_facet: 400,
  wrong_grain: 400,
  invalid_time: 400,
  time_too_early: 400,
  time_ahead: 400,
  too_old: 400,
  too_recent: 400,
  has_readings: 400,
  not_a_number: 400,
  source_mismatch: 400,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** An expected failure. Anything else that is thrown is a bug and answered as `internal`, its cause in the log only. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly path: string | undefined;
  /** For 429 and 503: when to try again, seconds. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: { path?: string; retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.path = options.path;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** A start that cannot go on for a reason the operator can mend: the message says what to do, and nobody needs the stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly expected = true;
}
