import type { JsonObject } from '@holdfast/node-kit';
import type { ServerDeps } from '../deps.ts';

/** What a provider must show with each webhook call; made from the master key, so nothing has to be stored. Of A–Z a–z 0–9 _ -. */
export const hookSecretOf = (secrets: ServerDeps['secrets'], channelId: string): string =>
  secrets.derive(`channel-hook/${channelId}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The public address that a channel's provider calls, without a slash at the end: the channel's own, else HOLDFAST_PUBLIC_URL. */
export function hookBaseOf({ publicUrl }: Pick<ServerDeps, 'publicUrl'>, config: JsonObject): string | null {
  const own = config['publicUrl'];
  return typeof own === 'string' && own !== '' ? own.replace(/\/+$/, '') : publicUrl;
}

/** What connecting and checking a channel is told about its webhook. */
export function hookContextOf(deps: Pick<ServerDeps, 'publicUrl' | 'secrets'>, channelId: string, config: JsonObject) {
  const base = hookBaseOf(deps, config);
  return {
    channelId,
    webhookUrl: base === null ? null : `${base}/hooks/channels/${channelId}`,
    hookSecret: hookSecretOf(deps.secrets, channelId),
  };
}
