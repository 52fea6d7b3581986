import type { FakeNumber } from '@holdfast/test-kit/fakes';
import type { ApiClient } from './api-client.ts';

/** Connects a number as a channel, and has its webhooks come to the product; answers the channel's id. */
export async function connectWhatsApp({ api, url }: { api: ApiClient; url: string }, number: FakeNumber): Promise<string> {
  const { phoneNumberId, wabaId, token, appSecret } = number;
  const account = { phoneNumberId, wabaId, token, appSecret, publicUrl: url };
  const { id } = await api.call<{ id: string }>('POST', '/api/channels', { kind: 'whatsapp', name: 'WhatsApp', ...account });
  number.callbackUrl = `${url}/hooks/channels/${id}`;
  return id;
}
