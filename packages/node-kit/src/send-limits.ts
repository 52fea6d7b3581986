import { z } from 'zod';

/** A time of day, as `21:00`. */
export const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of day, for example 21:00');
/** By its IANA name. */
export const timezone = z.string().refine(isTimezone, 'Write a time zone by its name, for example Europe/Madrid');

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When marketing (or everything automated) waits. Over midnight when `from` is later than `to`; around the clock when they are the same. */
export const quietHours = z
  .strictObject({
    from: clock,
    to: clock,
    /** Days on which a quiet time begins; every day when left out. */
    days: z.array(z.enum(weekdays)).min(1, 'Choose at least one day').max(weekdays.length).optional(),
    /** Used where the contact's own is not known; the workspace's when left out, else UTC. */
    timezone: timezone.optional(),
    purposes: z
      .array(z.enum(['service', 'marketing']))
      .min(1)
      .default(['marketing']),
  })
  .refine(({ from, to, days }) => from !== to || new Set(days ?? weekdays).size < weekdays.length, {
    message: 'Leave some time to send in: around the clock on every day, nothing would ever go out',
    path: ['to'],
  });
export type QuietHours = z.infer<typeof quietHours>;

/** The workspace's own: where it is, and when its channels keep quiet unless they say otherwise. */
export const sendingSettings = z.strictObject({ timezone: timezone.optional(), quietHours: quietHours.nullable().optional() });
export type SendingSettings = z.infer<typeof sendingSettings>;

/** What one channel may send. Null takes a limit away. Rates are the most that may reach the provider. */
const sendLimits = z.strictObject({
  /** Of the account, everything together. */
  perSecond: z.number().positive().max(1_000),
  perDay: z.number().int().positive().max(100_000_000).nullable(),
  /** A day is any 24 hours, or starts at midnight of a time zone. */
  day: z.union([z.literal('rolling'), timezone]),
  /** Of one recipient: `burst` at once, then one in so many seconds. */
  chatEverySeconds: z.number().positive().max(3_600),
  chatBurst: z.number().int().min(1).max(1_000),
  groupPerMinute: z.number().positive().max(6_000),
  groupBurst: z.number().int().min(1).max(1_000),
  /** Automated messages in one conversation: in a minute beyond what the customer wrote, in an hour altogether. */
  velocityPerMinute: z.number().int().positive().max(1_000).nullable(),
  velocityPerHour: z.number().int().positive().max(10_000).nullable(),
  /** The same words to more people than this within an hour, where we write first: slowed down, and people are told. */
  sameTextPeople: z.number().int().positive().max(100_000).nullable(),
  /** People whom a new account may write to first on its first day; twice as many each day after. */
  warmUpPeople: z.number().int().positive().max(100_000).nullable(),
  /** Staff who answer with the provider's own app silence the bot; it speaks again when none of them has written for so long. Null: only when it is given back. */
  phoneHoldHours: z.number().positive().max(8_760).nullable(),
  /** Whether marketing needs a recorded consent. */
  consent: z.enum(['required', 'not-required']),
  quietHours: quietHours.nullable(),
});
export type SendLimits = z.infer<typeof sendLimits>;

/** `channels.config.limits`: what differs from the kind's defaults. */
export const channelLimits = sendLimits.partial();

const usual: SendLimits = {
  perSecond: 10,
  perDay: null,
  day: 'rolling',
  chatEverySeconds: 1,
  chatBurst: 3,
  groupPerMinute: 20,
  groupBurst: 5,
  velocityPerMinute: 8,
  velocityPerHour: 60,
  sameTextPeople: 30,
  warmUpPeople: null,
  phoneHoldHours: 12,
  consent: 'required',
  quietHours: null,
};

/**
 * Per channel kind. Telegram publishes 30 a second, 1 a second per chat, 20 a minute per group; whoever talks to a bot has pressed Start. WhatsApp lets 1 message
 * in 6 s through to the same person, with up to 45 borrowed from later: 20 leave room for staff. A US long number carries 1 SMS segment a second. Mail servers differ; these pass as a person's.
 */
export const defaultLimits: Readonly<Record<string, SendLimits>> = {
  telegram: { ...usual, perSecond: 30, consent: 'not-required' },
  whatsapp: { ...usual, perSecond: 10, perDay: 100_000, chatEverySeconds: 6, chatBurst: 20, warmUpPeople: 100 },
  sms: { ...usual, perSecond: 1, perDay: 10_000, chatEverySeconds: 3, chatBurst: 4, warmUpPeople: 200 },
  email: { ...usual, perSecond: 2, perDay: 5_000, chatEverySeconds: 5, chatBurst: 3, velocityPerHour: 20, warmUpPeople: 200 },
};

/** The limits of a channel; null for a kind that has none, as the simulator. What can't be read counts as left out. */
export function limitsOf(kind: string, config: Readonly<Record<string, unknown>>): SendLimits | null {
  const defaults = Object.hasOwn(defaultLimits, kind) ? defaultLimits[kind] : undefined;
  if (!defaults) return null;
  const own = config['limits'];
  if (typeof own !== 'object' || own === null) return defaults;
  return sendLimits.safeParse({ ...defaults, ...own }).data ?? defaults;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
