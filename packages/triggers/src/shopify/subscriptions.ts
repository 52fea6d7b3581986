import { checkUserErrors, type ShopClient } from '@holdfast/nodes/shopify/shop-client';
import { z } from 'zod';

export interface Subscription {
  id: string;
  topic: string;
  uri: string;
}

const subscription = z.object({ id: z.string(), topic: z.string(), uri: z.string() });
const userErrors = z.array(z.object({ message: z.string() }));
const mostPages = 10;

/** All subscriptions that this app has made in the shop. */
export async function listSubscriptions(shop: ShopClient): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { webhookSubscriptions }: { webhookSubscriptions: z.infer<typeof page> } = await shop({
      query: `query Subscriptions($after: String) { webhookSubscriptions(first: 100, after: $after) {
        nodes { id topic uri } pageInfo { hasNextPage endCursor } } }`,
      variables: { after },
      shape: z.object({ webhookSubscriptions: page }),
      isRepeatable: true,
    });
    found.push(...webhookSubscriptions.nodes);
    after = webhookSubscriptions.pageInfo.endCursor;
    if (!webhookSubscriptions.pageInfo.hasNextPage) break;
  }
  return found;
}
const page = z.object({
  nodes: z.array(subscription),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});

/** Answers its id. One that is there already is refused by Shopify, so that twice is once. */
export async function subscribe(shop: ShopClient, { topic, uri }: Omit<Subscription, 'id'>): Promise<string | null> {
  const { webhookSubscriptionCreate } = await shop({
    query: `mutation Subscribe($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) { webhookSubscription { id } userErrors { message } } }`,
    variables: { topic, to: { uri, format: 'JSON' } },
    shape: z.object({
      webhookSubscriptionCreate: z.object({ webhookSubscription: z.object({ id: z.string() }).nullable(), userErrors }),
    }),
    isRepeatable: true,
  });
  checkUserErrors(webhookSubscriptionCreate.userErrors);
  return webhookSubscriptionCreate.webhookSubscription?.id ?? null;
}

export async function unsubscribe(shop: ShopClient, id: string): Promise<void> {
  await shop({
    query: `mutation Unsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { message } } }`,
    variables: { id },
    // What it says no to is gone already.
    shape: z.object({ webhookSubscriptionDelete: z.object({ userErrors }) }),
    isRepeatable: true,
  });
}
