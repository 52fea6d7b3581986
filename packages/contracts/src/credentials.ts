import { z } from 'zod';
import { changedCredential, newCredential } from './credential-input.ts';
import { credentialKinds } from './credential-types.ts';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams, problem } from './shared.ts';
import { way } from './ways.ts';

export const credentialKind = z.enum(credentialKinds);
export const credential = z.object({
  id,
  name: z.string(),
  kind: credentialKind,
  baseUrl: z.string().nullable(),
  allowedHosts: z.array(z.string()),
  /** How its calls leave the house; null: straight to their target. */
  via: way.nullable(),
  /** What its kind asks for beside the secret. */
  settings: z.record(z.string(), z.string()),
  /** What it is connected to, for people: an e-mail address, a company's number. */
  account: z.string(),
  /** `unconnected`: somebody must agree at the provider first · `attention`: it worked, and a person must connect it again. */
  state: z.enum(['ready', 'unconnected', 'attention']),
  problem: problem.nullable(),
  /** A person agrees at the provider: it is connected with a button. */
  needsConsent: z.boolean(),
  /** What came of trying it by ourselves, or with the button. */
  health: z.object({
    /** False for what is never sent anywhere: there is nothing to try. */
    canBeWatched: z.boolean(),
    isWatched: z.boolean(),
    checkedAt: at.nullable(),
    lastOkAt: at.nullable(),
    lastFailedAt: at.nullable(),
    /** The last failure in words, while it stands. */
    problem: z.string().nullable(),
    /** In a row. */
    failures: z.number().int(),
  }),
  usedBy: z.array(z.object({ flow: id, name: z.string() })),
  createdAt: at,
  updatedAt: at,
});
export type Credential = z.infer<typeof credential>;

export const credentials = {
  listCredentials: endpoint({
    method: 'GET',
    path: '/api/credentials',
    summary: 'Credentials, without their secrets',
    permission: 'credentials.read',
    response: z.object({
      items: z.array(credential),
      /** What to enter at a provider as the address to come back to. */
      redirectUri: z.string(),
    }),
  }),
  createCredential: endpoint({
    method: 'POST',
    path: '/api/credentials',
    summary: 'Add a credential',
    permission: 'credentials.manage',
    status: 201,
    body: newCredential,
    response: credential,
  }),
  updateCredential: endpoint({
    method: 'PUT',
    path: '/api/credentials/:id',
    summary: 'Change a credential; leave out the secret to keep it',
    permission: 'credentials.manage',
    params: idParams,
    body: changedCredential,
    response: credential,
  }),
  deleteCredential: endpoint({
    method: 'DELETE',
    path: '/api/credentials/:id',
    summary: 'Remove a credential; 409 while a live flow uses it',
    permission: 'credentials.manage',
    params: idParams,
    response: done,
  }),
  testCredential: endpoint({
    method: 'POST',
    path: '/api/credentials/:id/test',
    summary: 'Make one harmless call with it',
    permission: 'credentials.manage',
    params: idParams,
    response: z.object({ ok: z.boolean(), detail: z.string() }),
  }),
  watchCredential: endpoint({
    method: 'PUT',
    path: '/api/credentials/:id/watch',
    summary: 'Whether it is tried again and again by itself',
    permission: 'credentials.manage',
    params: idParams,
    body: z.strictObject({ isWatched: z.boolean() }),
    response: credential,
  }),
  connectCredential: endpoint({
    method: 'POST',
    path: '/api/credentials/:id/connect',
    summary: 'Where a person agrees that it may be used; for people who are signed in',
    permission: 'credentials.manage',
    params: idParams,
    response: z.object({ url: z.string() }),
  }),
  finishConnection: endpoint({
    method: 'GET',
    path: '/api/oauth/callback',
    summary: 'Where a provider sends a person back to; redirects to Connections',
    permission: 'credentials.manage',
    // Providers add parameters of their own; each is at most a short text.
    query: z.object({
      state: z.string().max(500).optional(),
      code: z.string().max(4_000).optional(),
      error: z.string().max(500).optional(),
      realmId: z.string().max(100).optional(),
    }),
    response: z.string(),
    media: 'text/html',
    status: 302,
  }),
};
