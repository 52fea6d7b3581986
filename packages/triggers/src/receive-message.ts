import { listSiblings, loadConnectionHook, noteHeard, type ConnectionHook } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { keysOf, proveCall, readProof, type Key } from '@holdfast/webhooks';
import type { RunsDeps } from '@holdfast/runs';
import { z } from 'zod';
import type { Sealed } from './deps.ts';
import { readBooksMessage } from './quickbooks/read-message.ts';
import { readShopMessage } from './shopify/read-message.ts';
import { takeEvents } from './take-events.ts';

export interface Message {
  /** Names in small letters. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The body as data; throws request.malformed. */
  read: () => unknown;
}

export interface ReceiveDeps {
  runs: RunsDeps;
  openSecret: (sealed: Sealed) => string;
  now: () => Date;
}

const signatures: Readonly<Record<string, string>> = { shopify: 'x-shopify-hmac-sha256', quickbooks: 'intuit-signature' };

/** The connection whose address this is; null for an address that is nobody's. */
export async function findReceiver(runs: Pick<RunsDeps, 'pool'>, credentialId: string): Promise<ConnectionHook | null> {
  const hook = await loadConnectionHook(runs.pool, credentialId);
  return hook && Object.hasOwn(signatures, hook.kind) ? hook : null;
}

/**
 * Takes in what a connected system tells: proven over the raw bytes, and committed with the runs that it begins when this answers. Those are executed
 * after that, so that nobody over there waits for a flow. Throws auth.signature, auth.forbidden and request.*.
 */
export async function receiveMessage(deps: ReceiveDeps, hook: ConnectionHook, message: Message): Promise<void> {
  const now = deps.now();
  prove(deps, hook, message, now);
  const body = message.read();
  if (hook.kind === 'shopify') await receiveFromShop(deps, hook, { message, body, now });
  else await receiveFromBooks(deps, hook, readBooksMessage(body, now));
}

function prove({ openSecret }: ReceiveDeps, hook: ConnectionHook, { headers, body }: Message, now: Date): void {
  const keys = [...(hook.hook ? keysOf(opened(openSecret(hook.hook)), now) : []), ...ownKeys(hook, opened(openSecret(hook)), now)];
  if (keys.length === 0)
    throw new HoldfastError('auth.signature', {
      detail: say`It is not known yet what ${hook.kind === 'shopify' ? 'Shopify' : 'QuickBooks'} signs its messages with. Nothing was started.`,
      hint: 'Open the connection and enter it.',
    });
  const proof = readProof({
    proof: 'hmac',
    signatureHeader: signatures[hook.kind] ?? '',
    algorithm: 'sha256',
    encoding: 'base64',
    prefix: '',
    signedText: '{body}',
  });
  proveCall(proof, keys, { headers, body }, now);
}

const texts = z.record(z.string(), z.string());
const opened = (secret: string): Record<string, string> => texts.parse(JSON.parse(secret));

/** A shop's app signs with the secret that it also gets its access by; after a change the one before is good for an hour. */
const ownKeys = ({ kind }: ConnectionHook, { clientSecret, previousSecret, previousUntil }: Record<string, string>, now: Date): Key[] =>
  kind !== 'shopify' || clientSecret === undefined
    ? []
    : keysOf(
        {
          signingKey: clientSecret,
          ...(previousSecret !== undefined && previousUntil !== undefined ? { previousKey: previousSecret, previousUntil } : {}),
        },
        now,
      );

async function receiveFromShop(
  { runs }: ReceiveDeps,
  hook: ConnectionHook,
  { message, body, now }: { message: Message; body: unknown; now: Date },
): Promise<void> {
  const event = readShopMessage({ shop: hook.settings['shop'] ?? '', now }, message, body);
  const of = { workspaceId: hook.workspaceId, credentialId: hook.id };
  if (event) await takeEvents(runs, of, [event]);
  await noteHeard(runs.pool, { ...of, topics: event ? [event.topic] : [] });
}

/** One address of an app takes what happens in all companies that it is connected to: each goes to its own connection. */
async function receiveFromBooks({ runs }: ReceiveDeps, hook: ConnectionHook, events: ReturnType<typeof readBooksMessage>): Promise<void> {
  const { workspaceId, kind } = hook;
  const siblings = await listSiblings(runs.pool, { workspaceId, kind, clientId: hook.settings['clientId'] ?? '' });
  for (const { id: credentialId, account } of siblings) {
    const its = events.filter(({ realmId }) => realmId === account['realmId']).map(({ event }) => event);
    if (its.length === 0) continue;
    await takeEvents(runs, { workspaceId, credentialId }, its);
    await noteHeard(runs.pool, { workspaceId, credentialId, topics: [...new Set(its.map(({ topic }) => topic))] });
  }
}
