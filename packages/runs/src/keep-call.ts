import { findCallEffect, lineOfKey, newId, type NewKeptCall } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { StepState } from '@holdfast/graph';
import type { CallToKeep, EgressRequest } from '@holdfast/node-kit';
import { providerOf } from '@holdfast/providers';
import type { RunSession } from './run-session.ts';

/**
 * A call as it is kept: which provider's line it stands in, and no secret. Null with `onlyBehind`: nothing of its key waits there, or the call itself has gone
 * out already, by a process that died.
 */
export async function keptCall(
  { deps, run }: RunSession,
  { step, attempt }: { step: StepState; attempt: number },
  { request, orderKey = '', onlyBehind = false }: CallToKeep,
): Promise<NewKeptCall | null> {
  const credential = request.credential
    ? // Opening one may need a service that is away, too: which line is meant is known without its secret.
      await (deps.lookAtCredential ?? deps.openCredential)(run.workspaceId, request.credential).catch(() => undefined)
    : undefined;
  const provider = providerOf(run.workspaceId, request, credential);
  if (!provider)
    throw new HoldfastError('step.config', {
      detail: say`"${request.url.slice(0, 200)}" is not an address that can be called.`,
      path: 'url',
    });
  const line = orderKey === '' ? null : await lineOfKey(deps.pool, { ...provider, orderKey, credential: request.credential });
  if (onlyBehind && line === null) return null;
  if (onlyBehind && (await hasGoneOut(deps, { key: `${step.step}:${request.part ?? ''}`, attempt }))) return null;
  const { body, cache: _cache, hasFallback: _hasFallback, ...rest } = request;
  return {
    id: newId('keptCall'),
    provider: line ?? provider.key,
    stepId: step.step,
    orderKey,
    what: `${request.method} ${addressOf(request, credential?.apiUrl ?? credential?.baseUrl ?? undefined)}`,
    request: rest,
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isRepeatable: request.isIdempotent ?? false,
  };
}

/** What became of it the ledger says; to whoever makes the call as if for the first time. */
async function hasGoneOut(
  { pool }: Pick<RunSession['deps'], 'pool'>,
  { key, attempt }: { key: string; attempt: number },
): Promise<boolean> {
  const effect = await findCallEffect(pool, key);
  return effect !== null && effect.attempt === attempt && effect.state !== 'planned';
}

/** For people: a query may hold what is nobody's business. */
function addressOf({ url }: EgressRequest, base: string | undefined): string {
  const { origin = '', pathname = '' } = URL.parse(url, base) ?? {};
  return `${origin}${pathname}`.slice(0, 500);
}
