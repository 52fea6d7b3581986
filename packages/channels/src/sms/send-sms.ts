import { HoldfastError } from '@holdfast/errors';
import { z } from 'zod';
import type { PieceSend, ProviderResult } from '../channel-adapter.ts';
import { explaining } from './explain-refusal.ts';
import { mediaLink } from './media-link.ts';
import { authTokenOf, configOf, type TwilioConfig } from './twilio-account.ts';
import type { TwilioClient } from './twilio-client.ts';

const taken = z.object({ sid: z.string() });

/** One attempt. Twilio takes no idempotency key, so whatever isn't a clear yes or no of its own is ambiguous. */
export async function sendSms(client: TwilioClient, send: PieceSend): Promise<ProviderResult> {
  const config = configOf(send.account);
  const form = { To: send.address, ...senderOf(config), ...contentOf(send, config), ...callbackOf(send, config) };
  const answer = await explaining(() => client.call('POST', '/Messages.json', { form, isSend: true, signal: send.signal }));
  // It was taken, whatever the answer looks like.
  return { providerMessageId: taken.safeParse(answer).data?.sid ?? '' };
}

const senderOf = ({ messagingServiceSid, from }: TwilioConfig): Record<string, string> =>
  messagingServiceSid === '' ? { From: from } : { MessagingServiceSid: messagingServiceSid };

/** A file goes as MMS where the number can, else as a link to it; without a public address there is no link either. */
function contentOf({ piece, account }: PieceSend, { sendsMedia, webhookUrl }: TwilioConfig): Record<string, string> {
  const { text, attachment } = piece;
  const link =
    attachment?.fileId !== undefined && webhookUrl !== '' ? mediaLink(webhookUrl, authTokenOf(account), attachment.fileId) : null;
  if (!attachment) return { Body: text };
  if (link !== null && sendsMedia) return { MediaUrl: link, ...(text === '' ? {} : { Body: text }) };
  const said = [text, link ?? attachment.name ?? ''].filter((part) => part !== '').join('\n');
  if (said !== '') return { Body: said };
  throw new HoldfastError('channel.content', {
    detail: 'A file without words can’t be sent as a text message from here.',
    hint: 'Write a text beside it, or tell Holdfast its public address so that it can send a link.',
  });
}

/** The ledger's key travels along: a status that names it settles a send whose answer was lost. */
function callbackOf({ key }: PieceSend, { webhookUrl }: TwilioConfig): Record<string, string> {
  if (webhookUrl === '') return {};
  return { StatusCallback: key === undefined ? webhookUrl : `${webhookUrl}?${new URLSearchParams({ ref: key }).toString()}` };
}
