import type { Adapters, InboundEvent } from '@holdfast/channels';
import { createAdapters } from '@holdfast/channels';
import { newId, type Pool } from '@holdfast/db';
import { createDelivery } from '@holdfast/delivery';
import { createEgress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import { versionId, type FlowFile, type JournalEntry } from '@holdfast/graph';
import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { flowFromText, type FlowTextOptions } from '@holdfast/test-kit/flows';
import { claimConversation, type Claimed } from '../claim.ts';
import type { Bell, ExecutionDeps, Log } from '../deps.ts';
import { ingestChannelEvents } from '../ingest.ts';
import type { Ingested, IngestOptions } from '../ingest-batch.ts';
import { stretch, type StretchResult } from '../stretch.ts';

export type { FlowFile };

/** A workspace with a simulator channel on a database of its own, and the hands to drive runs without Temporal. For tests only. */
export interface TestWorld {
  pool: Pool;
  url: string;
  deps: ExecutionDeps;
  workspaceId: string;
  userId: string;
  channel: { id: string; workspaceId: string; kind: string };
  /** What was rung, in order: `run run_…`. */
  rung: string[];
  publish: (
    text: string,
    options?: FlowTextOptions & { position?: number },
  ) => Promise<{ flowId: string; versionId: string; file: FlowFile }>;
  publishFile: (file: FlowFile, options?: { position?: number }) => Promise<{ flowId: string; versionId: string; file: FlowFile }>;
  event: (contact: string, text: string, more?: Partial<InboundEvent>) => InboundEvent;
  say: (contact: string, text: string, more?: Partial<InboundEvent>, options?: IngestOptions) => Promise<Ingested>;
  claim: (conversationId: string) => Promise<Claimed>;
  /** One stretch in the name of the run's current workflow. */
  stretch: (runId: string, inFlight?: string[]) => Promise<StretchResult>;
  /** Says, claims and stretches: the conversation and the run. */
  talk: (contact: string, text: string) => Promise<{ conversationId: string; runId: string; result: StretchResult }>;
  sent: (conversationId: string) => Promise<string[]>;
  journal: (runId: string) => Promise<JournalEntry[]>;
  run: (runId: string) => Promise<{
    status: string;
    outcome: string | null;
    lane: string;
    epoch: number;
    waitingFor: string | null;
    cause: { code: string; node?: string } | null;
    result: unknown;
    wakeAt: Date | null;
  }>;
  close: () => Promise<void>;
}

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `database`: one that is emptied and outlives the world. */
export async function testWorld({
  adapters,
  alter,
  database: given,
}: { adapters?: Adapters; alter?: (deps: ExecutionDeps) => ExecutionDeps; database?: TestDatabase } = {}): Promise<TestWorld> {
  const database = given ?? (await testDatabase());
  await given?.empty();
  const { pool, url } = database;
  const workspaceId = newId('workspace');
  const userId = 'user_ana';
  await pool.query(`insert into workspaces (id, name, slug) values ($1, 'Kelp & Co', $1)`, [workspaceId]);
  await pool.query(`insert into users (id, name, email) values ($1, 'Ana', 'ana@kelp.test')`, [userId]);
  const channel = { id: newId('channel'), workspaceId, kind: 'simulator' };
  await pool.query(`insert into channels (id, workspace_id, kind, name) values ($1, $2, 'simulator', 'Simulator')`, [
    channel.id,
    workspaceId,
  ]);
  const egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
  const rung: string[] = [];
  const bell: Bell = {
    run: (id) => void rung.push(`run ${id}`),
    queued: () => void rung.push('queued'),
    doorbell: (id) => void rung.push(`doorbell ${id}`),
    conversation: (id) => void rung.push(`conversation ${id}`),
    humanSend: () => void rung.push('humanSend'),
    ended: (id) => void rung.push(`ended ${id}`),
  };
  const openSecret = (): string => '';
  const delivery = createDelivery({
    pool,
    adapters: adapters ?? createAdapters({ egress }),
    openSecret,
    process: newId('process'),
    log,
    maxDispatchMs: 60_000,
  });
  const made: ExecutionDeps = {
    pool,
    catalog,
    runners,
    egress,
    delivery,
    bell,
    log,
    llm: {
      complete: async () => {
        throw new HoldfastError('llm.no-key', { detail: 'No model in this test.' });
      },
    },
    openCredential: async () => {
      throw new HoldfastError('credential.missing', { detail: 'No credential in this test.' });
    },
    store: { findCommonAnswer: async () => null },
    // The reference lane; tests of the express lane take this away and bring a lane.
    forcedLane: 'temporal',
  };
  const deps = alter?.(made) ?? made;
  const event = eventFactory();
  const world: TestWorld = {
    pool,
    url,
    deps,
    workspaceId,
    userId,
    channel,
    rung,
    event,
    publish: (text, { position = 0, ...options } = {}) =>
      publishFile({
        pool,
        workspaceId,
        position,
        file: flowFromText(text, { catalog, ...options, settings: { mergeBurst: '0s', ...options.settings } }),
      }),
    publishFile: (file, { position = 0 } = {}) => publishFile({ pool, workspaceId, position, file }),
    say: async (contact, text, more, options) => {
      const [taken] = await ingestChannelEvents(deps, channel, [event(contact, text, more)], options);
      if (!taken) throw new Error('Nothing was taken in.');
      return taken;
    },
    claim: (conversationId) => claimConversation(deps, conversationId),
    stretch: async (runId, inFlight = []) => {
      const { epoch } = await world.run(runId);
      return stretch(deps, { runId, epoch, owner: `${runId}.${epoch}`, inFlight });
    },
    talk: async (contact, text) => {
      const { conversationId } = await world.say(contact, text);
      if (!conversationId) throw new Error('The message has no conversation.');
      const claimed = await world.claim(conversationId);
      if (claimed.act !== 'started') throw new Error(`No run was started: ${claimed.act}.`);
      return { conversationId, runId: claimed.runId, result: await world.stretch(claimed.runId) };
    },
    sent: async (conversationId) =>
      (
        await pool.query<{ text: string }>(
          `select text from messages where conversation_id = $1 and direction = 'out' order by created_at, id`,
          [conversationId],
        )
      ).rows.map((row) => row.text),
    journal: async (runId) =>
      (await pool.query<{ entry: JournalEntry }>('select entry from journal where run_id = $1 order by seq', [runId])).rows.map(
        (row) => row.entry,
      ),
    run: async (runId) => {
      const found = await pool.query(
        'select status, outcome, lane, epoch, waiting_for as "waitingFor", cause, result, wake_at as "wakeAt" from runs where id = $1',
        [runId],
      );
      return found.rows[0];
    },
    close: async () => {
      await egress.close();
      if (!given) await database.close();
    },
  };
  return world;
}

function eventFactory(): TestWorld['event'] {
  let count = 0;
  return (contact, text, more = {}) => {
    count++;
    return {
      eventId: `e${count}`,
      kind: 'message',
      address: `chat-${contact}`,
      isGroup: false,
      contact: { address: contact, name: contact, language: 'en' },
      text,
      attachments: [],
      providerMessageId: `m${count}`,
      sentAt: new Date().toISOString(),
      raw: { text },
      ...more,
    };
  };
}

async function publishFile({
  pool,
  workspaceId,
  position,
  file,
}: {
  pool: Pool;
  workspaceId: string;
  position: number;
  file: FlowFile;
}): Promise<{ flowId: string; versionId: string; file: FlowFile }> {
  const flowId = newId('flow');
  const version = versionId(file);
  await pool.query('insert into flows (id, workspace_id, name, draft, published_version_id, position) values ($1, $2, $3, $4, $5, $6)', [
    flowId,
    workspaceId,
    file.name,
    JSON.stringify(file),
    version,
    position,
  ]);
  await pool.query('insert into versions (flow_id, id, workspace_id, number, file) values ($1, $2, $3, 1, $4)', [
    flowId,
    version,
    workspaceId,
    JSON.stringify(file),
  ]);
  for (const node of file.nodes) {
    const definition = catalog[node.type];
    if (definition?.kind !== 'trigger') continue;
    const path = definition.source === 'webhook' ? JSON.stringify(node.config['path']).slice(1, -1) : null;
    await pool.query(
      'insert into triggers (workspace_id, flow_id, version_id, node_id, source, config, path) values ($1, $2, $3, $4, $5, $6, $7)',
      [workspaceId, flowId, version, node.id, definition.source, JSON.stringify(node.config), path],
    );
  }
  return { flowId, versionId: version, file };
}
