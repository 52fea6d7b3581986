import { renderSms } from '@holdfast/messages';
import type { ChannelAdapter, SendRates } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { findSent } from './find-sent.ts';
import { sendSms } from './send-sms.ts';
import { clientOf, configOf } from './twilio-account.ts';

/** A US long code carries one segment a second; Twilio queues what comes faster. */
export const smsRates: SendRates = {
  overall: { everyMs: 1_000, burst: 1 },
  perChat: { everyMs: 3_000, burst: 4 },
  perGroup: { everyMs: 3_000, burst: 4 },
};

export function createSmsAdapter(options: ChannelOptions): ChannelAdapter {
  return {
    kind: 'sms',
    rates: smsRates,
    // Twilio's calls are forms: see sms-service.ts.
    parseUpdate: () => [],
    render: renderSms,
    send: (send) => sendSms(clientOf(options, send.account), send),
    reconcile: ({ account, ...sent }) => findSent(clientOf(options, account), configOf(account), sent),
  };
}
