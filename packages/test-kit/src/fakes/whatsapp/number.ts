import type { Fault } from './faults.ts';

/** One message that the fake took. `isSeen`: whether the customer has it; a refusal may come later, as a status. */
export interface AcceptedMessage {
  seq: number;
  at: number;
  id: string;
  to: string;
  type: string;
  text: string;
  callbackData: string;
  isSeen: boolean;
  payload: Record<string, unknown>;
}

export interface FakeTemplate {
  id: string;
  name: string;
  language: string;
  category: string;
  status: string;
  parameter_format: 'POSITIONAL' | 'NAMED';
  components: Record<string, unknown>[];
  quality_score?: { score: string };
}

export interface FakeMedia {
  id: string;
  mimeType: string;
  bytes: Buffer;
  /** Meta forgets it then. */
  expiresAt: number;
}

/** How Meta reports what became of a message, and how badly it does so. */
export interface StatusManner {
  /** What is sent by itself after a message was taken; none when empty. */
  ladder: ('sent' | 'delivered' | 'read')[];
  order: 'normal' | 'reversed';
  duplicate: boolean;
  /** Milliseconds until the first one. */
  afterMs: number;
  pricing: { billable: boolean; category: string; type: string };
}

/** What the fake knows about one phone number. */
export interface FakeNumber {
  phoneNumberId: string;
  wabaId: string;
  token: string;
  appSecret: string;
  displayPhoneNumber: string;
  verifiedName: string;
  quality: string;
  tier: string;
  /** Expired: refused with subcode 463. */
  isTokenExpired: boolean;
  isSubscribed: boolean;
  /** Where its webhooks go. */
  callbackUrl: string | null;
  templates: FakeTemplate[];
  media: Map<string, FakeMedia>;
  faults: Fault[];
  accepted: AcceptedMessage[];
  /** When each customer last wrote: by number and by user id. */
  lastInboundAt: Map<string, number>;
  /** Every call of `/messages` that was taken, also those that only mark as read. */
  reads: { messageId: string; isTyping: boolean }[];
  manner: StatusManner;
  /** Meta's ways with deliveries: twice, late, in any order. */
  mess: { duplicate: boolean; shuffle: boolean };
}

export type NumberGiven = Partial<Omit<FakeNumber, 'media' | 'faults' | 'accepted' | 'lastInboundAt' | 'reads'>>;

export const createNumber = (given: NumberGiven): FakeNumber => ({
  phoneNumberId: '1000000000001',
  wabaId: '2000000000001',
  token: 'EAAfake-system-user-token',
  appSecret: 'f'.repeat(32),
  displayPhoneNumber: '15550001111',
  verifiedName: 'Fake Shop',
  quality: 'GREEN',
  tier: 'TIER_2K',
  isTokenExpired: false,
  isSubscribed: false,
  callbackUrl: null,
  templates: [],
  media: new Map(),
  faults: [],
  accepted: [],
  lastInboundAt: new Map(),
  reads: [],
  manner: {
    ladder: ['sent', 'delivered'],
    order: 'normal',
    duplicate: false,
    afterMs: 0,
    pricing: { billable: true, category: 'service', type: 'regular' },
  },
  mess: { duplicate: false, shuffle: false },
  ...given,
});
