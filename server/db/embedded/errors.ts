/** What can keep the embedded database from running. Every message is a whole sentence that ends in what to do about it. */

export type EmbeddedPostgresErrorCode =
  | 'unsupported_platform'
  | 'binaries_missing'
  | 'directory_unusable'
  | 'no_unprivileged_account'
  | 'already_in_use'
  | 'other_major_version'
  | 'initdb_failed'
  | 'start_failed';

/** An expected failure; `code` is for programs, `message` for the operator, `cause` the system's own error where there is one. */
export class EmbeddedPostgresError extends Error {
  readonly expected = true;
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}

/** The system's code of a failed call (`ENOENT`, `EACCES`, ...), or '' for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
