/** One live server per directory: the claim alone, under contention that whole servers would meet once in years. */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Claim, claimHome } from '../../../server/db/embedded/claim.ts';
import { EmbeddedPostgresError } from '../../../server/db/embedded/errors.ts';
import { openHome } from '../../../server/db/embedded/home.ts';
import { endAll, makeFolder } from './support.ts';

afterEach(endAll);

it('goes to exactly one of twenty contenders, again and again', async () => {
  const home = await openHome(makeFolder(), () => undefined);
  for (let round = 1; round <= 5; round++) {
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => claimHome(home)));
    const won = settled.filter((result): result is PromiseFulfilledResult<Claim> => result.status === 'fulfilled');
    const lost = settled.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
    expect(won).toHaveLength(1);
    expect(lost.every((error) => error instanceof EmbeddedPostgresError && error.code === 'already_in_use')).toBe(true);
    await won[0]?.value.release();
    await won[0]?.value.release();
  }
  expect(fs.readdirSync(home.claims)).toEqual([]);
});

it('is for a directory, however that is spelled', async () => {
  const folder = makeFolder();
  fs.mkdirSync(path.join(folder, 'city'));
  fs.symlinkSync('city', path.join(folder, 'alias'));
  const claim = await claimHome(await openHome(path.join(folder, 'city'), () => undefined));
  await expect(claimHome(await openHome(path.join(folder, 'alias'), () => undefined))).rejects.toMatchObject({ code: 'already_in_use' });
  await claim.release();
});
