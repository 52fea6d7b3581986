import { createRandom } from '../telegram/random.ts';

export interface TextMessage {
  sid: string;
  to: string;
  from: string;
  body: string;
  mediaUrls: string[];
  segments: number;
  statusCallback: string | null;
  at: number;
}

export interface TwilioFault {
  kind: 'error' | 'late-error' | 'server-error' | 'gateway' | 'garbage' | 'cut-before' | 'cut-after' | 'hang';
  /** Twilio's error code: of the answer, or with `late-error` of the failed status after the message was taken. */
  code?: number;
  /** Seconds in the Retry-After of an `error`. */
  retryAfter?: number;
  /** One recipient, or every one. */
  to?: string;
  /** 1 when left out. */
  times?: number;
}

export interface TwilioManner {
  /** The statuses of a message that arrives. */
  ladder: string[];
  order: 'forward' | 'reversed';
  duplicate: boolean;
}

export interface World {
  accountSid: string;
  authToken: string;
  number: string;
  accountType: 'Full' | 'Trial';
  accountStatus: string;
  sendsMedia: boolean;
  /** Where incoming messages go; Twilio's connection override `#rc=` is obeyed. */
  smsUrl: string;
  accepted: TextMessage[];
  optedOut: Set<string>;
  faults: TwilioFault[];
  manner: TwilioManner;
  media: Map<string, { mimeType: string; bytes: Buffer }>;
  /** Segments that may wait for the number's one a second; Twilio keeps ten hours of them. */
  queueLimit: number;
  /** When the last queued segment leaves. */
  busyUntil: number;
  underway: Set<Promise<unknown>>;
  seq: number;
  isClosed: boolean;
  random: () => number;
}

export function createWorld(
  given: Partial<Pick<World, 'accountSid' | 'authToken' | 'number' | 'accountType' | 'accountStatus' | 'sendsMedia' | 'queueLimit'>>,
): World {
  return {
    accountSid: `AC${'a1'.repeat(16)}`,
    authToken: 'auth-token-of-the-tests-00000000',
    number: '+15550001111',
    accountType: 'Full',
    accountStatus: 'active',
    sendsMedia: true,
    queueLimit: 36_000,
    smsUrl: '',
    accepted: [],
    optedOut: new Set(),
    faults: [],
    manner: { ladder: ['sent', 'delivered'], order: 'forward', duplicate: false },
    media: new Map(),
    busyUntil: 0,
    underway: new Set(),
    seq: 0,
    isClosed: false,
    random: createRandom(1),
    ...given,
  };
}

export const nextSid = (world: World, prefix: string): string => `${prefix}${(world.seq += 1).toString(16).padStart(32, '0')}`;

/** Work that the fake does after it answered: statuses, deliveries. */
export function later(world: World, work: Promise<unknown>): void {
  world.underway.add(work);
  void work.finally(() => world.underway.delete(work));
}
