import { setTimeout as wait } from 'node:timers/promises';
import { createAdapters } from '@holdfast/channels';
import { createPool, newId } from '@holdfast/db';
import { createEgress } from '@holdfast/egress';
import { outgoingMessage } from '@holdfast/node-kit';
import { endWithParent } from '@holdfast/test-kit/fakes';
import { createDelivery } from '../create-delivery.ts';
import type { Delivery } from '../step-send.ts';
import { stampingAdapters } from './stamping-adapters.ts';

// A worker as a process of its own: sends "m" in every nth waiting run of the database, as a run does that comes again when it was put off. Then it tells in the
// table `stamps` when it let each go.
// node sender.ts <database> <Bot API> <nth> <of>
const [url = '', apiUrl = '', nth = '0', of = '1'] = process.argv.slice(2);
const pool = createPool(url, { max: 30, connectTimeoutMs: 60_000 });
const egress = createEgress({ limits: { connectMs: 60_000 } });
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { adapters, stamps } = stampingAdapters(createAdapters({ egress, apiUrls: { telegram: apiUrl } }));
const delivery = createDelivery({
  pool,
  process: newId('process'),
  adapters,
  openSecret: ({ secret }) => secret.toString(),
  log: silent,
  maxDispatchMs: 60_000,
});
endWithParent(async () => {
  await pool.end();
  await egress.close();
});
process.stdout.write(`${JSON.stringify({ url: '' })}\n`);

const { rows } = await pool.query<{ id: string; conversationId: string; text: string }>(
  `select id, conversation_id as "conversationId", coalesce(input ->> 'text', 'm') as text from (select *, row_number() over (order by id) as n from runs) r where n % $2 = $1 order by id`,
  [nth, of],
);
await Promise.all(rows.map((run) => sendUntilGone(delivery, run)));
await pool.query('insert into stamps (address, at) select * from unnest($1::text[], $2::float8[])', [
  stamps.map(({ address }) => address),
  stamps.map(({ at }) => at),
]);

async function sendUntilGone(
  from: Delivery,
  { id, conversationId, text }: { id: string; conversationId: string; text: string },
): Promise<void> {
  for (;;) {
    const outcome = await from.sendForStep({
      run: { id, workspaceId: 'ws_1', conversationId },
      step: { id: `step-${id}`, node: 'tell' },
      part: '',
      epoch: 1,
      guard: async () => undefined,
      message: outgoingMessage.parse({ text }),
    });
    if (outcome.state !== 'later') return;
    await wait(Math.max(1, outcome.notBefore.getTime() - Date.now()));
  }
}
