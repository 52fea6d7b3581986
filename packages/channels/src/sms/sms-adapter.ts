import { renderSms } from '@holdfast/messages';
import type { ChannelAdapter } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { explaining } from './explain-refusal.ts';
import { findSent } from './find-sent.ts';
import { sendSms } from './send-sms.ts';
import { clientOf, configOf } from './twilio-account.ts';
import { maxMediaBytes } from './twilio-client.ts';

export function createSmsAdapter(options: ChannelOptions): ChannelAdapter {
  return {
    kind: 'sms',
    // Twilio's calls are forms: see sms-service.ts.
    parseUpdate: () => [],
    render: renderSms,
    send: (send) => sendSms(clientOf(options, send.account), send),
    files: {
      maxBytes: maxMediaBytes,
      download: ({ account, providerFileId, signal }) => explaining(() => clientOf(options, account).download(providerFileId, signal)),
    },
    reconcile: ({ account, ...sent }) => findSent(clientOf(options, account), configOf(account), sent),
  };
}
