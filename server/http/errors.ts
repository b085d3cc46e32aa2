/** From any failure to one shape of answer: `{error: {code, message, path?}}`. What is not expected is told to the log only. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { AppError } from '../contract/index.ts';

export function sendError(response: Response, error: AppError): void {
  if (error.retryAfter !== undefined) response.setHeader('Retry-After', String(error.retryAfter));
  response.status(error.status).json({ error: { code: error.code, message: error.message, ...(error.path === undefined ? {} : { path: error.path }) } });
}

/** What express's body reader and zod throw, in our words; null when it is none of theirs. */
export function toAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    return new AppError('invalid_request', issue?.message ?? 'The request is not as described.', { path: issue?.path.join('.') ?? '' });
  }
  if (typeof error !== 'object' || error === null) return null;
  const { type, code, status } = error as { type?: unknown; code?: unknown; status?: unknown };
  if (type === 'entity.too.large') return new AppError('body_too_large', 'The body is larger than the server takes (after unpacking). Send smaller batches.');
  if (type === 'encoding.unsupported') return new AppError('unsupported_encoding', 'Content-Encoding must be gzip or absent.');
  if (type === 'request.aborted' || type === 'request.size.invalid') return new AppError('invalid_request', 'The body ended before its announced length.');
  if (typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE'))
    return new AppError('invalid_gzip', 'The body says it is gzip and is not, or is cut short.', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) return new AppError('invalid_request', 'The request could not be read.', { cause: error });
  return null;
}

export function errorHandler(log: (error: unknown, path: string) => void): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const expected = toAppError(error);
    if (expected === null || expected.status >= 500) log(error, request.path);
    sendError(response, expected ?? new AppError('internal', 'The server failed at this request. It is in the log.'));
  };
}

/** The end of the API's routes: a JSON answer, not a page. */
export const notFound: RequestHandler = (request, response) => {
  sendError(response, new AppError('not_found', `Nothing answers ${request.method} ${request.path}.`));
};
