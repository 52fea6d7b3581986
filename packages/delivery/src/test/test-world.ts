import { createAdapters, type Adapters } from '@holdfast/channels';
import { guardRun, insertHumanReply, newId, type Pool } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import { outgoingMessage, type OutgoingMessage } from '@holdfast/node-kit';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { startTelegramFake, type TelegramFake } from '@holdfast/test-kit/fakes';
import { createDelivery } from '../create-delivery.ts';
import type { DeliveryDeps } from '../deps.ts';
import { payloadHash } from '../payload.ts';
import type { Delivery, StepSend } from '../step-send.ts';

export const token = '9001:delivery-token';

/** A workspace with one Telegram channel on the fake, and delivery as a process has it. */
export interface World {
  pool: Pool;
  url: string;
  /** Another that is put in its place is known to deliveries that are made afterwards. */
  fake: TelegramFake;
  channelId: string;
  /** Those of `delivery`. */
  adapters: Adapters;
  delivery: Delivery;
  /** Another process with the same database. */
  newDelivery: (change?: Partial<DeliveryDeps>) => Delivery;
  /** With somebody who has just written; `isCold`: who never has. */
  newConversation: (chat: number, options?: { isGroup?: boolean; isCold?: boolean }) => Promise<string>;
  newRun: (conversationId: string) => Promise<string>;
  /** A send of the run's first step. */
  send: (runId: string, conversationId: string, message: Partial<OutgoingMessage>, change?: Partial<StepSend>) => StepSend;
  reply: (conversationId: string, text: string) => Promise<string>;
  close: () => Promise<void>;
}

const owner = 'worker-1';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `apiUrl` puts another Bot API in the fake's place; `database`: one that is emptied and outlives the world. */
export async function openWorld({ apiUrl, database: given }: { apiUrl?: string; database?: TestDatabase } = {}): Promise<World> {
  const database = given ?? (await testDatabase());
  await given?.empty();
  const [egress, fake] = [createEgress({ limits: { connectMs: 60_000 } }), await startTelegramFake()];
  const { pool } = database;
  const channelId = newId('channel');
  await pool.query(`insert into workspaces (id, name, slug) values ('ws_1', 'W', 'w')`);
  await pool.query(`insert into flows (id, workspace_id, name, draft) values ('flow_1', 'ws_1', 'F', '{}')`);
  await pool.query(`insert into contacts (id, workspace_id) values ('cont_1', 'ws_1')`);
  await pool.query(`insert into channels (id, workspace_id, kind, name, secret, key_id) values ($1, 'ws_1', 'telegram', 'Shop', $2, 'k')`, [
    channelId,
    Buffer.from(token),
  ]);
  const adaptersTo = (to: TelegramFake) => createAdapters({ egress, apiUrls: { telegram: apiUrl ?? to.url } });
  const deliveryTo = (to: TelegramFake, change: Partial<DeliveryDeps>) =>
    createDelivery({
      pool,
      process: newId('process'),
      adapters: adaptersTo(to),
      openSecret: ({ secret }) => secret.toString(),
      log: silent,
      maxDispatchMs: 60_000,
      ...change,
    });
  const world: World = {
    pool,
    url: database.url,
    fake,
    channelId,
    adapters: adaptersTo(fake),
    newDelivery: (change = {}) => deliveryTo(world.fake, change),
    delivery: deliveryTo(fake, {}),
    ...rowsOf(pool, fake, channelId),
    close: () => close(given ? null : database, egress, world.fake),
  };
  return world;
}

async function close(database: TestDatabase | null, egress: Egress, fake: TelegramFake): Promise<void> {
  await fake.close();
  await egress.close();
  await database?.close();
}

function rowsOf(pool: Pool, fake: TelegramFake, channelId: string): Pick<World, 'newConversation' | 'newRun' | 'send' | 'reply'> {
  return {
    newConversation: async (chat, { isGroup = false, isCold = false } = {}) => {
      const id = newId('conversation');
      await pool.query(
        `insert into conversations (id, workspace_id, channel_id, contact_id, address, is_group, last_in_at) values ($1, 'ws_1', $2, 'cont_1', $3, $4, case when not $5 then now() end)`,
        [id, channelId, String(chat), isGroup, isCold],
      );
      fake.bot(token).chats.set(String(chat), { isGroup });
      return id;
    },
    newRun: async (conversationId) => {
      const id = newId('run');
      await pool.query(
        `insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, lane, owner, epoch, source, input, conversation_id) values ($1, 'ws_1', 'flow_1', 'v', 'start', 'temporal', $2, 1, 'channel', '{}', $3)`,
        [id, owner, conversationId],
      );
      return id;
    },
    send: (runId, conversationId, message, change = {}) => ({
      run: { id: runId, workspaceId: 'ws_1', conversationId },
      step: { id: `step-${runId}`, node: 'reply' },
      part: '',
      epoch: 1,
      message: outgoingMessage.parse(message),
      guard: async (client) => {
        if (!(await guardRun(client, { runId, epoch: 1, owner }))) throw new HoldfastError('run.superseded', { detail: 'taken over' });
      },
      ...change,
    }),
    reply: async (conversationId, text) => {
      const messageId = newId('message');
      const content = outgoingMessage.parse({ text });
      await insertHumanReply(pool, {
        messageId,
        workspaceId: 'ws_1',
        conversationId,
        userId: 'user_1',
        text,
        content: {},
        payloadHash: payloadHash(conversationId, content),
      });
      return messageId;
    },
  };
}
