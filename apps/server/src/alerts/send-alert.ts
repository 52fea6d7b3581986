import { loadChannelForHook, loadSettings, type Pool } from '@holdfast/db';
import type { Egress } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { Secrets } from '@holdfast/secrets';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { openSmtp } from './smtp-settings.ts';

export interface AlertDeps {
  pool: Pool;
  secrets: Secrets;
  egress: Egress;
  /** One plain message outside conversations and ledger. */
  sendTelegramText: (args: { token: string; chat: string; text: string }) => Promise<void>;
  /** Links in alerts start with it; without it they name the page only. */
  publicUrl: string | null;
}

export interface Alert {
  workspaceId: string;
  kind: 'telegram' | 'email' | 'webhook';
  target: JsonObject;
  event: string;
  subject: string;
  title: string;
  detail: string;
  link: string;
  at: string;
}

const telegramTarget = z.object({ channel: z.string(), chat: z.string() });
const emailTarget = z.object({ to: z.string() });
const webhookTarget = z.object({ url: z.string() });

/** Delivers one alert to one place. Throws with a sentence for the settings page. */
export async function sendAlert(deps: AlertDeps, alert: Alert): Promise<void> {
  const link = `${deps.publicUrl ?? ''}${alert.link}`;
  switch (alert.kind) {
    case 'telegram':
      return await sendByTelegram(deps, alert, telegramTarget.parse(alert.target), `${alert.title}\n${alert.detail}\n${link}`);
    case 'email':
      return await sendByEmail(deps, alert, emailTarget.parse(alert.target).to, `${alert.detail}\n\n${link}\n`);
    case 'webhook':
      return await sendByWebhook(deps, alert, webhookTarget.parse(alert.target).url, link);
    default:
      alert.kind satisfies never;
  }
}

async function sendByTelegram(
  { pool, secrets, sendTelegramText }: AlertDeps,
  alert: Alert,
  target: z.infer<typeof telegramTarget>,
  text: string,
): Promise<void> {
  const channel = await loadChannelForHook(pool, target.channel);
  if (channel?.workspaceId !== alert.workspaceId || !channel.secret || !channel.keyId)
    throw new HoldfastError('resource.missing', { detail: 'The Telegram channel of this alert is gone.', hint: 'Choose another one.' });
  await sendTelegramText({ token: secrets.open({ secret: channel.secret, keyId: channel.keyId }), chat: target.chat, text });
}

async function sendByEmail({ pool, secrets }: AlertDeps, alert: Alert, to: string, text: string): Promise<void> {
  const smtp = openSmtp(secrets, (await loadSettings(pool, alert.workspaceId))['smtp']);
  if (!smtp)
    throw new HoldfastError('request.invalid', {
      detail: 'No mail server is set up, so no e-mail can go out.',
      hint: 'Enter one under Settings, E-mail.',
    });
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
  });
  try {
    await transport.sendMail({ from: smtp.from, to, subject: alert.title.replace(/[\r\n]+/g, ' '), text });
  } catch (error) {
    throw new HoldfastError('upstream.refused', {
      detail: say`The mail server ${smtp.host} did not take the message: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown reason'}.`,
      hint: 'Check the mail settings and the address.',
    });
  } finally {
    transport.close();
  }
}

async function sendByWebhook({ egress }: AlertDeps, alert: Alert, url: string, link: string): Promise<void> {
  const { event, subject, title, detail, at } = alert;
  const answer = await egress.request({
    method: 'POST',
    url,
    timeoutMs: 10_000,
    isIdempotent: true,
    headers: { 'content-type': 'application/json', 'user-agent': 'Holdfast' },
    body: JSON.stringify({ event, subject, title, detail, link, at }),
  });
  if (answer.status >= 400)
    throw new HoldfastError('upstream.refused', {
      detail: say`${new URL(url).host} answered ${answer.status}.`,
      hint: 'Check the address.',
    });
}
