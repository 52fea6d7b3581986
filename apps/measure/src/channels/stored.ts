import type { ApiClient } from '../product/api-client.ts';

/** What the store says of a message; the fields that these scripts look at. */
export interface StoredMessage {
  id: string;
  direction: 'in' | 'out';
  author: 'customer' | 'bot' | 'human';
  text: string;
  status: string;
  conversation: string;
  node: string | null;
  buttons: { id: string; label: string }[];
  attachments: { kind: string; name?: string }[];
}

/** Everything that was said on a kind of channel, oldest first. */
export const messagesWith = async (api: ApiClient, platform: string): Promise<StoredMessage[]> =>
  (await api.all<StoredMessage>(`/api/messages?platform=${platform}`)).toReversed();
