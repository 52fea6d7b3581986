import { listTopics, forgetTopic, saveKnownUntil, type ConnectionTopic, type DueConnection } from '@holdfast/db';
import { askBooks } from '@holdfast/nodes/quickbooks/books-client';
import { z } from 'zod';
import type { TriggerDeps } from '../deps.ts';
import { takeEvents, type ConnectionEvent } from '../take-events.ts';
import { entities, recordEvent, type BooksEntity } from './record-event.ts';

/** QuickBooks remembers changes for 30 days. */
const mostDaysBack = 29;
const pageSize = 500;

const changed = z.looseObject({
  Id: z.string(),
  status: z.string().optional(),
  MetaData: z.object({ CreateTime: z.string().optional(), LastUpdatedTime: z.string() }),
});
type Changed = z.infer<typeof changed>;
const changes = z.object({ CDCResponse: z.array(z.object({ QueryResponse: z.array(z.looseObject({})) })) });
const found = z.object({ QueryResponse: z.looseObject({}) });

/** Reads what changed in a company since the last known moment: what QuickBooks told already is known and starts nothing. */
export async function lookAfterBooks(deps: TriggerDeps, due: DueConnection): Promise<void> {
  const { credentialId } = due;
  const topics = await listTopics(deps.runs.pool, credentialId);
  for (const { topic, isWanted } of topics) if (!isWanted) await forgetTopic(deps.runs.pool, { credentialId, topic });
  const now = deps.now().getTime();
  const until = new Date(now - deps.pace.settleMs);
  for (const topic of topics.filter(({ isWanted }) => isWanted)) {
    const entity = entities.find((each) => each === topic.topic);
    const since = new Date(Math.max(now - mostDaysBack * 86_400_000, topic.knownUntil.getTime()));
    if (!entity || since >= until) continue;
    const records = await readChanges(deps, due, entity, since);
    const events = records.flatMap((record) => eventsOf(due, entity, record, { topic, since, until }));
    await takeEvents(
      deps.runs,
      due,
      events.toSorted((one, other) => one.happenedAt.getTime() - other.happenedAt.getTime()),
    );
    await saveKnownUntil(deps.runs.pool, { credentialId, topics: [topic.topic], until });
  }
}

async function readChanges(deps: TriggerDeps, due: DueConnection, entity: BooksEntity, since: Date): Promise<Changed[]> {
  const books = askBooks({ egress: deps.egressFor(due.workspaceId) }, due.credentialId);
  const body = await books('cdc', { entities: entity, changedSince: since.toISOString() });
  const lists = changes.parse(body).CDCResponse.flatMap(({ QueryResponse }) => QueryResponse.map((each) => each[entity] ?? []));
  const told = lists.flatMap((list) => z.array(changed).parse(list));
  if (told.length < deps.pace.changesAtOnce) return told;
  // Deleted ones are told there alone; all others can be asked for page by page.
  return [...told.filter(({ status }) => status === 'Deleted'), ...(await readAll(books, entity, since))];
}

async function readAll(books: ReturnType<typeof askBooks>, entity: BooksEntity, since: Date): Promise<Changed[]> {
  const all: Changed[] = [];
  for (let from = 1; ; from += pageSize) {
    const query = `select * from ${entity} where MetaData.LastUpdatedTime >= '${since.toISOString()}' orderby MetaData.LastUpdatedTime startposition ${from} maxresults ${pageSize}`;
    const page = z.array(changed).parse(found.parse(await books('query', { query })).QueryResponse[entity] ?? []);
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

/** What must have happened to a record that is as it is. */
function eventsOf(
  { account }: DueConnection,
  entity: BooksEntity,
  { Id: id, status, MetaData }: Changed,
  { topic, since, until }: { topic: ConnectionTopic; since: Date; until: Date },
): ConnectionEvent[] {
  const realmId = account['realmId'] ?? '';
  const base = { entity, id, realmId, mergedId: null, eventId: null, cameBy: 'read' as const };
  const changedAt = new Date(MetaData.LastUpdatedTime);
  const madeAt = new Date(MetaData.CreateTime ?? Number.NaN);
  const isWithin = (at: Date, from: Date) => at >= from && at <= until;
  if (status === 'Deleted') return isWithin(changedAt, since) ? [recordEvent({ ...base, operation: 'Delete', happenedAt: changedAt })] : [];
  return [
    ...(isWithin(madeAt, topic.since) ? [recordEvent({ ...base, operation: 'Create', happenedAt: madeAt })] : []),
    ...(isWithin(changedAt, since) && changedAt > madeAt ? [recordEvent({ ...base, operation: 'Update', happenedAt: changedAt })] : []),
  ];
}
