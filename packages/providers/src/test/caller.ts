import { setTimeout as wait } from 'node:timers/promises';
import { createPool } from '@holdfast/db';
import { createEgress } from '@holdfast/egress';
import { endWithParent } from '@holdfast/test-kit/fakes';
import { createProviders } from '../create-providers.ts';
import { workspaceId } from './provider-world.ts';

// A worker as a process of its own: so many calls at once, each coming again when it is put off. node caller.ts <database> <service> <count>
const [databaseUrl = '', serviceUrl = '', count = '0'] = process.argv.slice(2);
const pool = createPool(databaseUrl, { max: 20, connectTimeoutMs: 60_000 });
const egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
// However long a busy machine takes to answer, the call counts until then.
const providers = createProviders({ pool, egress, countedWithinMs: 60_000 });
endWithParent(async () => {
  await providers.close();
  await pool.end();
  await egress.close();
});
process.stdout.write(`${JSON.stringify({ url: '' })}\n`);

async function callUntilAnswered(nth: number): Promise<void> {
  for (;;) {
    const admitted = await providers.admit({ workspaceId, request: { method: 'GET', url: `${serviceUrl}/orders/${nth}` } });
    if (admitted.state === 'later') {
      await wait(Math.max(1, admitted.notBefore.getTime() - Date.now()));
      continue;
    }
    if (admitted.state === 'answered') return;
    try {
      await admitted.send();
      return;
    } catch {
      await wait(50);
    }
  }
}
await Promise.all(Array.from({ length: Number(count) }, (_, nth) => callUntilAnswered(nth)));
