/** Who sends readings: the token, and the source whose declarations apply. */
import type { Request } from 'express';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { AppError } from '../contract/index.ts';
import { principalOf } from '../identity/routes.ts';
import type { Sender } from '../readings/ingest.ts';

/**
 * A token bound to a source sends as that source; an unbound one may name its source by `?source=`, or send without one in the indicators' own units.
 * @throws AppError `forbidden` for another source than the token's; `invalid_request` for one the catalogue does not know.
 */
export function senderOf(request: Request, catalogue: Catalogue): Sender {
  const principal = principalOf(request);
  const bound = principal.kind === 'token' ? principal.token.sourceId : null;
  const named = typeof request.query['source'] === 'string' ? request.query['source'] : null;
  if (bound !== null && named !== null && named !== bound) throw new AppError('forbidden', `This token sends for the source "${bound}" only.`, { path: 'source' });
  const id = bound ?? named;
  const token = principal.kind === 'token' ? principal.token.id : principal.account.id;
  if (id === null) return { token, source: null };
  const source = catalogue.sources.get(id);
  if (source === undefined) throw new AppError('invalid_request', `No source "${id}" in the catalogue.`, { path: 'source' });
  return { token, source };
}
