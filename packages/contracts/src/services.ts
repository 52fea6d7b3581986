import { operationField, jsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams } from './shared.ts';

/** An operation of a service in lists; what its step is made of comes with `getOperation`. */
const operationLine = z.object({ id: z.string(), title: z.string(), summary: z.string(), group: z.string() });
export type OperationLine = z.infer<typeof operationLine>;

export const service = z.object({
  id,
  kind: z.enum(['openapi', 'wsdl']),
  name: z.string(),
  version: z.string(),
  /** Where its document was fetched; null: it was pasted or uploaded. */
  sourceUrl: z.string().nullable(),
  serverUrl: z.string().nullable(),
  credential: id.nullable(),
  /** What its document names. */
  servers: z.array(z.object({ url: z.string(), title: z.string() })),
  /** Ways to prove who we are, with the credential kinds that can; none of them means that we can't. */
  security: z.array(z.object({ name: z.string(), title: z.string(), kinds: z.array(z.string()) })),
  /** What of its document is left out. */
  notes: z.array(z.string()),
  operations: z.array(operationLine),
  usedBy: z.array(z.object({ flow: id, name: z.string() })),
  createdAt: at,
  createdBy: z.string(),
  updatedAt: at,
});
export type Service = z.infer<typeof service>;

/** What a newer document means for the operations. */
const serviceChanges = z.object({
  isSame: z.boolean(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  /** What differs, in words. */
  changed: z.array(z.object({ operation: z.string(), differs: z.array(z.string()) })),
});
export type ServiceChanges = z.infer<typeof serviceChanges>;

const webAddress = z.url({ protocol: /^https?$/, error: 'Write the whole address, starting with https://' }).max(2_000);

export const services = {
  listServices: endpoint({
    method: 'GET',
    path: '/api/services',
    summary: 'Imported services with their operations',
    permission: 'flows.read',
    response: z.object({ items: z.array(service) }),
  }),
  importService: endpoint({
    method: 'POST',
    path: '/api/services',
    summary: 'Import a service: the bytes of its OpenAPI document (JSON or YAML) or WSDL, at most 5 MB. Nothing it refers to is fetched',
    permission: 'credentials.manage',
    takesBytes: true,
    status: 201,
    response: service,
  }),
  fetchService: endpoint({
    method: 'POST',
    path: '/api/services/from-address',
    summary: 'Import a service whose document stands at an address',
    permission: 'credentials.manage',
    body: z.strictObject({ url: webAddress }),
    status: 201,
    response: service,
  }),
  changeService: endpoint({
    method: 'PATCH',
    path: '/api/services/:id',
    summary: 'Rename it, or say where new steps call it and with which credential',
    permission: 'credentials.manage',
    params: idParams,
    body: z.strictObject({
      name: z.string().min(1).max(120).optional(),
      serverUrl: webAddress.nullable().optional(),
      credential: id.nullable().optional(),
    }),
    response: service,
  }),
  replaceService: endpoint({
    method: 'PUT',
    path: '/api/services/:id/document',
    summary: 'What a newer document would change; with apply=true it takes the place of the old one. Steps that exist stay as they are',
    permission: 'credentials.manage',
    params: idParams,
    query: z.strictObject({ apply: z.enum(['true', 'false']).default('false') }),
    takesBytes: true,
    response: serviceChanges,
  }),
  refetchService: endpoint({
    method: 'POST',
    path: '/api/services/:id/fetch',
    summary: 'The same for the document that stands at its address now, or at another one',
    permission: 'credentials.manage',
    params: idParams,
    body: z.strictObject({ apply: z.boolean().default(false), url: webAddress.optional() }),
    response: serviceChanges,
  }),
  getOperation: endpoint({
    method: 'GET',
    path: '/api/services/:id/operations/:operation',
    summary: 'An operation with its fields and the step that calls it',
    permission: 'flows.read',
    params: z.strictObject({ id, operation: z.string().min(1).max(500) }),
    response: operationLine.extend({
      input: z.array(operationField),
      node: z.object({ type: z.string(), typeVersion: z.number().int(), config: jsonObject }),
    }),
  }),
  deleteService: endpoint({
    method: 'DELETE',
    path: '/api/services/:id',
    summary: 'Remove a service that no flow uses',
    permission: 'credentials.manage',
    params: idParams,
    response: done,
  }),
};
