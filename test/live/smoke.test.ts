import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test?.stop());

it('takes a reading and shows it', async () => {
  const now = Date.now();
  const answer = await test.call('POST', '/api/v1/readings', { body: { readings: [{ indicator: 'flood_depth', place: 'underpass_1', observedAt: now, value: 42 }] } });
  expect([answer.status, answer.json]).toEqual([200, { accepted: 1, duplicates: 0, revised: 0, rejected: [] }]);
  const latest = await test.call('GET', '/api/v1/latest');
  console.log(latest.text);
  await test.server.settled();
  const alerts = await test.call('GET', '/api/v1/alerts');
  console.log(alerts.text);
  console.log((await test.call('GET', '/api/v1/history?indicator=flood_depth&points=2')).text);
  console.log(test.warnings);
});
