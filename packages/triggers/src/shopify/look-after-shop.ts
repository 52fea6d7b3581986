import {
  forgetTopic,
  insertAlertOnce,
  listTopics,
  newId,
  saveKnownUntil,
  saveSubscription,
  type ConnectionTopic,
  type DueConnection,
} from '@holdfast/db';
import { asHoldfastError, HoldfastError, toProblem } from '@holdfast/errors';
import { openShop, type ShopClient } from '@holdfast/nodes/shopify/shop-client';
import { hookAddress, type TriggerDeps } from '../deps.ts';
import { takeEvents } from '../take-events.ts';
import { readChanges } from './read-changes.ts';
import type { ShopKind } from './shop-things.ts';
import { listSubscriptions, subscribe, unsubscribe, type Subscription } from './subscriptions.ts';
import { graphqlTopic, shopEvent, topicRules } from './topic-rules.ts';

/** Further back nothing is read: what came then is forgotten here, and an app sees orders of 60 days. */
const mostDaysBack = 50;

/** Makes sure that the shop tells us what live flows want, takes back what nobody wants, and reads what was missed. Throws what the shop's calls throw. */
export async function lookAfterShop(deps: TriggerDeps, due: DueConnection): Promise<void> {
  const shop = openShop({ egress: deps.egressFor(due.workspaceId), note: () => undefined }, due.credentialId);
  const topics = await listTopics(deps.runs.pool, due.credentialId);
  await keepSubscribed(deps, due, { shop, topics });
  await catchUp(
    deps,
    due,
    shop,
    topics.filter(({ isWanted }) => isWanted),
  );
}

async function keepSubscribed(
  deps: TriggerDeps,
  due: DueConnection,
  { shop, topics }: { shop: ShopClient; topics: readonly ConnectionTopic[] },
): Promise<void> {
  const { credentialId } = due;
  const uri = deps.publicUrl === null ? null : hookAddress(deps.publicUrl, credentialId);
  const there = await listSubscriptions(shop);
  const lost: string[] = [];
  for (const topic of topics) {
    const ours = there.filter(
      (each) => each.topic === graphqlTopic(topic.topic) && each.uri.endsWith(`/hooks/credentials/${credentialId}`),
    );
    if (!topic.isWanted) await takeBack(deps, { shop, credentialId, topic: topic.topic, ours });
    else if (await isNewlyMade(deps, due, { shop, uri, topic, ours })) lost.push(topic.topic);
  }
  if (lost.length > 0) await tellLost(deps, due, lost);
}

async function takeBack(
  { runs }: TriggerDeps,
  { shop, credentialId, topic, ours }: { shop: ShopClient; credentialId: string; topic: string; ours: readonly Subscription[] },
): Promise<void> {
  for (const { id } of ours) await unsubscribe(shop, id);
  await forgetTopic(runs.pool, { credentialId, topic });
}

/** True when the one that we knew of was gone and is made anew. A topic that the shop refuses keeps no other from working. */
async function isNewlyMade(
  deps: TriggerDeps,
  due: DueConnection,
  given: { shop: ShopClient; uri: string | null; topic: ConnectionTopic; ours: readonly Subscription[] },
): Promise<boolean> {
  const { runs } = deps;
  const { credentialId } = due;
  const { shop, uri, topic, ours } = given;
  const save = (remoteId: string | null, problem: HoldfastError | null, isLost: boolean) =>
    saveSubscription(runs.pool, { credentialId, topic: topic.topic, remoteId, problem: problem && { ...toProblem(problem) }, isLost });
  const known = ours.find((each) => each.uri === uri);
  // At an address that is ours no more.
  for (const { id } of ours.filter((each) => each !== known)) await unsubscribe(shop, id);
  if (known) {
    if (known.id !== topic.remoteId) await save(known.id, null, false);
    return false;
  }
  if (uri === null) {
    await save(null, noAddress(), false);
    return false;
  }
  try {
    const isLost = topic.remoteId !== null && ours.length === 0;
    await save(await subscribe(shop, { topic: graphqlTopic(topic.topic), uri }), null, isLost);
    return isLost;
  } catch (error) {
    const refusal = asHoldfastError(error, 'upstream.broken');
    if (refusal.code !== 'upstream.refused') throw refusal;
    await save(null, refusal, false);
    if (!topic.hasProblem) await tellRefused(deps, due, topic.topic, refusal.detail);
    return false;
  }
}

const noAddress = (): HoldfastError =>
  new HoldfastError('trigger.address', {
    detail:
      'Holdfast does not know the address that others reach it at, so the shop can’t tell us anything. What changed is read every few minutes instead.',
    hint: 'Set HOLDFAST_PUBLIC_URL.',
  });

async function tellLost(
  { runs }: TriggerDeps,
  { workspaceId, credentialId, settings }: DueConnection,
  topics: readonly string[],
): Promise<void> {
  await insertAlertOnce(runs.pool, {
    id: newId('alert'),
    workspaceId,
    event: 'trigger.broken',
    subject: credentialId,
    title: `${settings['shop'] ?? 'The shop'} had stopped telling us what happens`,
    detail: `Shopify deletes a subscription after 8 failed deliveries in a row. It was made again for ${topics.join(', ')}, and what happened meanwhile is read from the shop and started now.`,
    link: '/connections',
  });
}

const tellRefused = ({ runs }: TriggerDeps, { workspaceId, credentialId, settings }: DueConnection, topic: string, detail: string) =>
  insertAlertOnce(runs.pool, {
    id: newId('alert'),
    workspaceId,
    event: 'trigger.broken',
    subject: credentialId,
    title: `${settings['shop'] ?? 'The shop'} does not tell us of ${topic}`,
    detail: `${detail} What changed is read every few minutes instead, as far as the app may.`,
    link: '/connections',
  });

/** Reads what changed since the last known moment. Whatever came by a webhook, too, is known and starts nothing. */
async function catchUp(deps: TriggerDeps, due: DueConnection, shop: ShopClient, topics: readonly ConnectionTopic[]): Promise<void> {
  const now = deps.now().getTime();
  const until = new Date(now - deps.pace.settleMs);
  const earliest = now - mostDaysBack * 86_400_000;
  for (const kind of ['order', 'product', 'stock', 'customer'] as const) {
    const wanted = topics.filter(({ topic }) => topicRules[topic]?.kind === kind);
    const since = new Date(Math.max(earliest, Math.min(...wanted.map(({ knownUntil }) => knownUntil.getTime()))));
    if (wanted.length === 0 || since >= until) continue;
    await catchUpKind(deps, due, { shop, kind, wanted, since, until, earliest });
  }
}

interface CatchUp {
  shop: ShopClient;
  kind: ShopKind;
  wanted: readonly ConnectionTopic[];
  since: Date;
  until: Date;
  earliest: number;
}

async function catchUpKind(deps: TriggerDeps, due: DueConnection, { shop, kind, wanted, since, until, earliest }: CatchUp): Promise<void> {
  const names = wanted.map(({ topic }) => topic);
  for await (const { things, until: readUntil } of readChanges(shop, kind, { since, until })) {
    const events = things.flatMap((read) => wanted.flatMap((topic) => eventOf(due.settings['shop'] ?? '', topic, read, earliest)));
    await takeEvents(deps.runs, due, events);
    await saveKnownUntil(deps.runs.pool, { credentialId: due.credentialId, topics: names, until: readUntil });
  }
}

function eventOf(
  shop: string,
  { topic, since }: ConnectionTopic,
  { thing, paidAt }: { thing: Parameters<typeof shopEvent>[1]; paidAt: string | null },
  earliest: number,
) {
  const rule = topicRules[topic];
  const at = rule?.at === 'changed' ? thing.updatedAt : rule?.at(thing, paidAt);
  const happenedAt = new Date(at ?? Number.NaN);
  // What happened before a flow asked for it is none of its business.
  if (!rule || !(happenedAt.getTime() >= Math.max(earliest, Math.floor(since.getTime() / 1_000) * 1_000))) return [];
  return [shopEvent(rule, thing, { topic, shop, happenedAt, cameBy: 'read', deliveryId: null, eventId: null })];
}
