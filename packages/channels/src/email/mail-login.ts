import { createHash } from 'node:crypto';
import type { Egress, Way } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import { wayOf, type Mailbox } from './mailbox-account.ts';

export type MailLogin = { password: string } | { accessToken: string };

const granted = z.object({ access_token: z.string(), expires_in: z.coerce.number().default(3_000) });
const refused = z.object({ error: z.string(), error_description: z.string().default('') });
const known = new Map<string, { token: string; until: number }>();

/** The password, or a token that its provider gives for the refresh token; kept until shortly before it ends. Throws channel.token and upstream.*. */
export async function mailLogin(egress: Egress, mailbox: Mailbox, use: 'imap' | 'smtp'): Promise<MailLogin> {
  const { config, secret } = mailbox;
  if (!config.oauth) return { password: use === 'smtp' && secret.smtpPassword !== '' ? secret.smtpPassword : secret.password };
  const grant: Grant = { ...config.oauth, refreshToken: secret.refreshToken, clientSecret: secret.clientSecret };
  const key = createHash('sha256').update(JSON.stringify(grant)).digest('hex');
  const kept = known.get(key);
  if (kept && kept.until > Date.now()) return { accessToken: kept.token };
  const { access_token: token, expires_in: seconds } = await renew(egress, grant, wayOf(mailbox));
  known.set(key, { token, until: Date.now() + (seconds - 120) * 1_000 });
  return { accessToken: token };
}

interface Grant {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  refreshToken: string;
}

async function renew(egress: Egress, oauth: Grant, way: Way | null): Promise<z.infer<typeof granted>> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: oauth.refreshToken, client_id: oauth.clientId });
  if (oauth.clientSecret !== '') form.set('client_secret', oauth.clientSecret);
  // What is posted opens the mailbox: it goes to this address alone.
  const ask = egress.fetchFor({
    timeoutMs: 15_000,
    redirects: 0,
    secrets: [oauth.refreshToken, oauth.clientSecret],
    ...(way ? { way: { way, hosts: [new URL(oauth.tokenUrl).host] } } : {}),
  });
  const response = await ask(oauth.tokenUrl, {
    method: 'POST',
    body: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
  });
  const body: unknown = await response.json().catch(() => null);
  const grant = granted.safeParse(body);
  if (response.ok && grant.success) return grant.data;
  const host = new URL(oauth.tokenUrl).host;
  const no = refused.safeParse(body);
  if (response.status >= 500 || !no.success)
    throw new HoldfastError('upstream.broken', { detail: say`${host} answered ${response.status} when asked for a token.` });
  throw new HoldfastError('channel.token', {
    detail: say`${host} gives no token for this mailbox: ${`${no.data.error}. ${no.data.error_description}`.trim().slice(0, 300)}`,
    hint: 'Allow the access again with the provider and enter the new refresh token under Channels.',
  });
}
