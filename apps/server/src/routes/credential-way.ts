import { isAllowed, type WayInput } from '@holdfast/contracts';
import { loadAgent, type CredentialWay, type StoredWay } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { plainProxyUrl } from '@holdfast/node-kit';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';

/** What the audit shows of a way, and what tells two of them apart. */
export function wayFacts(way: WayInput | CredentialWay | null | undefined) {
  if (!way) return null;
  return way.kind === 'agent'
    ? { kind: way.kind, agent: way.agent }
    : { kind: way.kind, url: plainProxyUrl(way.url), username: way.username || null };
}

export const isSameWay = (one: WayInput | CredentialWay | null | undefined, other: WayInput | CredentialWay | null | undefined): boolean =>
  JSON.stringify(wayFacts(one)) === JSON.stringify(wayFacts(other));

/** A way leads into somebody's own network, and what a connection may reach there is as trusted as an address of its own. */
export function refuseWay({ role }: Caller, ways: (WayInput | CredentialWay | null | undefined)[]): void {
  if (ways.every((way) => !way) || isAllowed(role, 'settings.manage')) return;
  throw new HoldfastError('auth.forbidden', {
    detail: say`A connection with a way of its own reaches into another network, so the role "${role}" may not change it.`,
    hint: 'Ask an administrator.',
    path: 'via',
  });
}

/** The way as it is stored, with the proxy's password sealed. Throws request.invalid for an agent that is not of this workspace. */
export async function storedWay(
  { pool, secrets }: Pick<ServerDeps, 'pool' | 'secrets'>,
  { workspaceId, via, before }: { workspaceId: string; via: WayInput | null | undefined; before: CredentialWay | null },
): Promise<StoredWay> {
  const none = { proxy: null, agentId: null, secret: null, keyId: null, keepsSecret: false };
  if (!via) return none;
  if (via.kind === 'agent') {
    if (await loadAgent(pool, { workspaceId, id: via.agent })) return { ...none, agentId: via.agent };
    throw new HoldfastError('request.invalid', { detail: 'There is no such agent.', hint: 'Choose another one.', path: 'via.agent' });
  }
  const sealed = via.password ? secrets.seal(via.password) : { secret: null, keyId: null };
  const proxy = { kind: 'proxy' as const, url: plainProxyUrl(via.url), username: via.username || null };
  return { ...none, proxy, ...sealed, keepsSecret: !via.password && isSameWay(via, before) };
}
