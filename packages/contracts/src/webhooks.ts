import { jsonObject, jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { runStatus } from './runs.ts';
import { at, done, id, idParams, page, pageQuery } from './shared.ts';

const node = z.string().min(1).max(80);

export const delivery = z.object({
  id,
  at,
  node,
  /** `accepted` began a run; of those that were `refused` only the reason and the number per minute are kept. */
  state: z.enum(['accepted', 'refused']),
  count: z.number().int(),
  run: z.object({ id, status: runStatus, outcome: z.enum(['done', 'stopped', 'failed']).nullable() }).nullable(),
  method: z.string().nullable(),
  /** The caller's own id of the message. */
  messageId: z.string().nullable(),
  /** The run whose delivery this was before. */
  replayOf: id.nullable(),
  reason: z.string().nullable(),
});
export type Delivery = z.infer<typeof delivery>;

/** A request as the run got it: without what proves who the caller is. */
export const deliveredRequest = z.object({
  method: z.string(),
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  body: jsonValue,
});

export const webhooks = {
  listDeliveries: endpoint({
    method: 'GET',
    path: '/api/flows/:id/deliveries',
    summary: 'What came to the flow’s webhooks in the last 30 days, newest first',
    permission: 'runs.read',
    params: idParams,
    query: z.strictObject({ ...pageQuery, node: node.optional() }),
    response: page(delivery),
  }),
  getDelivery: endpoint({
    method: 'GET',
    path: '/api/flows/:id/deliveries/:delivery',
    summary: 'A delivery with its request',
    permission: 'runs.read',
    params: z.strictObject({ id, delivery: id }),
    response: delivery.extend({ request: deliveredRequest }),
  }),
  replayDeliveries: endpoint({
    method: 'POST',
    path: '/api/flows/:id/deliveries/replay',
    summary: 'Let deliveries begin runs again, in the order in which they came, on what is live now',
    permission: 'runs.override',
    params: idParams,
    body: z.strictObject({ deliveries: z.array(id).min(1).max(100) }),
    status: 201,
    response: z.object({ runs: z.array(z.object({ delivery: id, run: id })) }),
  }),
  getSample: endpoint({
    method: 'GET',
    path: '/api/flows/:id/webhook-sample',
    summary: 'The test request that was kept for a webhook step, and whether one is waited for',
    permission: 'flows.read',
    params: idParams,
    query: z.strictObject({ node }),
    response: z.object({
      isListening: z.boolean(),
      until: at.nullable(),
      /** Came since listening began. */
      isFresh: z.boolean(),
      sample: jsonObject.nullable(),
      /** Why a request that came meanwhile was refused. */
      problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    }),
  }),
  captureSample: endpoint({
    method: 'POST',
    path: '/api/flows/:id/webhook-sample',
    summary: 'Wait ten minutes for a test request at a step of the draft, stop waiting, or forget what was kept',
    permission: 'flows.write',
    params: idParams,
    body: z.strictObject({ node, act: z.enum(['listen', 'stop', 'forget']) }),
    response: done,
  }),
};
