import type { SendTarget } from '@holdfast/db';
import { limitsOf, type SendLimits } from '@holdfast/node-kit';
import type { SendContext } from '../rules/rule.ts';

export const now = new Date('2026-11-23T12:00:00.000Z');
export const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

/** A reply to somebody who wrote an hour ago, on a WhatsApp number that is a year old; with changes. */
export function sendContext(
  change: Partial<Omit<SendContext, 'target' | 'limits'>> & { target?: Partial<SendTarget>; limits?: Partial<SendLimits> } = {},
): SendContext {
  const target: SendTarget = {
    conversationId: 'conv_1',
    address: '34600111222',
    isGroup: false,
    heldBy: 'bot',
    unreachable: null,
    cappedUntil: null,
    thread: {},
    channelId: 'chan_1',
    workspaceId: 'ws_1',
    kind: 'whatsapp',
    name: 'Shop',
    status: 'active',
    config: {},
    secret: null,
    keyId: null,
    sendsPausedAt: null,
    callsPausedAt: null,
    now,
    windowUntil: hoursAgo(-23),
    lastInAt: hoursAgo(1),
    initiatedAt: null,
    optOuts: [],
    consents: [],
    suppression: null,
    beyondPerMinute: 0,
    sentPerHour: 0,
    sameTextPeople: 0,
    quality: null,
    warmSince: hoursAgo(24 * 365),
    messagingLimit: null,
    automationPaused: null,
    timezone: null,
    sending: null,
    template: null,
    ...change.target,
  };
  const limits = limitsOf(target.kind, target.config);
  return {
    purpose: 'service',
    template: null,
    isFirst: true,
    ...change,
    target,
    limits: limits && { ...limits, ...change.limits },
  };
}
