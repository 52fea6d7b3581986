import type { Egress } from '@holdfast/egress';
import type { AskTxt } from './email/domain/ask-dns.ts';
import type { RelayGuard } from './email/send-mail.ts';

/** What all channel kinds reach the world with. A channel's own `config.apiUrl` comes before `apiUrls`. */
export interface ChannelOptions {
  egress: Egress;
  /** Limits, pauses and health of what is reached without HTTP (mail relays): packages/providers. */
  guard?: RelayGuard | undefined;
  /** The machine's own name servers when left out. */
  askDns?: AskTxt | undefined;
  /** HOLDFAST_<KIND>_API_URL: an emulator, or a proxy of the provider's. */
  apiUrls?: { telegram?: string | undefined; whatsapp?: string | undefined; twilio?: string | undefined } | undefined;
}
