import type { Egress } from '@holdfast/egress';

/** What all channel kinds reach the world with. A channel's own `config.apiUrl` comes before `apiUrls`. */
export interface ChannelOptions {
  egress: Egress;
  /** HOLDFAST_<KIND>_API_URL: an emulator, or a proxy of the provider's. */
  apiUrls?: { telegram?: string | undefined; whatsapp?: string | undefined; twilio?: string | undefined } | undefined;
}
