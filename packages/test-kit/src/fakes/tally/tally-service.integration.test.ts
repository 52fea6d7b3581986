import { expect, test } from 'vitest';
import { forkTallyService } from './fork-tally-service.ts';

test('counts what comes by key and body, and twice what comes twice', async () => {
  const shop = await forkTallyService({ seed: 1, slowMs: 5 });
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers }).then((answer) => answer.status);
  try {
    await post('/notes', { order: 'A' });
    await post('/notes', { order: 'A' });
    await post('/payments', { order: 'B', total: 1 }, { 'Idempotency-Key': 'k' });
    await post('/payments', { order: 'B', total: 1 }, { 'Idempotency-Key': 'k' });
    await post('/payments', { order: 'B', total: 2 }, { 'Idempotency-Key': 'k' });
    expect(await shop.tally()).toEqual({
      A: { notes: 2, payments: {} },
      B: { notes: 0, payments: { k: { times: 3, bodies: ['{"order":"B","total":1}', '{"order":"B","total":2}'] } } },
    });
  } finally {
    await shop.close();
  }
});
