import { z } from 'zod';
import type { Change } from './parse-update.ts';
import { qualityOf, reasonOf } from './templates.ts';

/** What Meta tells of the account itself, not of a conversation. */
export type Notice =
  | {
      kind: 'template';
      name: string;
      language: string;
      status: string | null;
      quality: 'green' | 'yellow' | 'red' | null;
      category: string | null;
      reason: string | null;
    }
  | { kind: 'quality'; quality: 'green' | 'yellow' | 'red'; said: string }
  /** Null: no limit. */
  | { kind: 'limit'; people: number | null }
  | { kind: 'throughput'; said: string }
  /** Something that a person must look at: banned, restricted, disconnected from the app. */
  | { kind: 'account'; isStopped: boolean; said: string };

const template = z.object({
  message_template_name: z.string(),
  message_template_language: z.string(),
  event: z.string().optional(),
  new_quality_score: z.string().optional(),
  new_category: z.string().optional(),
  reason: z.string().nullish(),
  disable_info: z
    .object({ disable_date: z.union([z.string(), z.number()]).optional() })
    .optional()
    .catch(undefined),
});
const numberQuality = z.object({ event: z.string().default(''), current_limit: z.string().optional() });
const capability = z.object({ max_daily_conversations_per_business: z.union([z.number(), z.string()]) });
const account = z.object({
  event: z.string().default(''),
  ban_info: z.object({ waba_ban_state: z.string().optional() }).optional().catch(undefined),
  violation_info: z.object({ violation_type: z.string().optional() }).optional().catch(undefined),
  restriction_info: z
    .array(z.object({ restriction_type: z.string().optional() }))
    .optional()
    .catch(undefined),
});
const alert = z.object({
  alert_severity: z.string().default(''),
  alert_type: z.string().default(''),
  alert_description: z.string().default(''),
});

/** Null for fields that say nothing of the kind, and for what can't be read. */
export function parseNotices({ field, raw }: Change): Notice[] {
  switch (field) {
    case 'message_template_status_update':
    case 'message_template_quality_update':
    case 'template_category_update':
      return templateNotice(raw);
    case 'phone_number_quality_update':
      return numberNotices(raw);
    case 'business_capability_update':
      return capabilityNotice(raw);
    case 'account_update':
      return accountNotice(raw);
    case 'account_alerts':
      return alertNotice(raw);
    case 'messages':
      return errorNotice(raw);
    default:
      return [];
  }
}

function templateNotice(raw: unknown): Notice[] {
  const { data } = template.safeParse(raw);
  if (!data) return [];
  return [
    {
      kind: 'template',
      name: data.message_template_name,
      language: data.message_template_language,
      status: data.event?.toLowerCase() ?? null,
      quality: qualityOf(data.new_quality_score),
      category: data.new_category?.toLowerCase() ?? null,
      reason: reasonOf(data.reason),
    },
  ];
}

/** `TIER_2K` and `TIER_UNLIMITED` as figures; null for no limit, undefined for what is neither. */
export function peopleOf(tier: string | undefined): number | null | undefined {
  if (tier === undefined) return undefined;
  if (/unlimited/i.test(tier)) return null;
  const found = /(\d+)(k?)/i.exec(tier);
  return found ? Number(found[1]) * (found[2] === '' ? 1 : 1_000) : undefined;
}

function numberNotices(raw: unknown): Notice[] {
  const { data } = numberQuality.safeParse(raw);
  if (!data) return [];
  const people = peopleOf(data.current_limit);
  const limit: Notice[] = people === undefined ? [] : [{ kind: 'limit', people }];
  switch (data.event.toUpperCase()) {
    case 'FLAGGED':
      return [{ kind: 'quality', quality: 'red', said: 'WhatsApp flagged the number: too many people blocked or reported it.' }, ...limit];
    case 'UNFLAGGED':
      return [{ kind: 'quality', quality: 'green', said: 'WhatsApp took the flag from the number.' }, ...limit];
    case 'THROUGHPUT_UPGRADE':
      return [{ kind: 'throughput', said: 'HIGH' }, ...limit];
    default:
      return limit;
  }
}

function capabilityNotice(raw: unknown): Notice[] {
  const { data } = capability.safeParse(raw);
  const people = Number(data?.max_daily_conversations_per_business);
  return Number.isNaN(people) ? [] : [{ kind: 'limit', people: people < 0 ? null : people }];
}

const errors = z.object({
  messages: z.array(z.unknown()).optional(),
  statuses: z.array(z.unknown()).optional(),
  errors: z.array(
    z.object({
      code: z.coerce.number().default(0),
      title: z.string().optional(),
      message: z.string().optional(),
      error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
    }),
  ),
});

/** Errors without a message are about the account. */
function errorNotice(raw: unknown): Notice[] {
  const { data } = errors.safeParse(raw);
  const [first] = data?.errors ?? [];
  if (!data || !first || data.messages !== undefined || data.statuses !== undefined) return [];
  const said = first.error_data?.details ?? first.message ?? first.title ?? 'no reason given';
  return [{ kind: 'account', isStopped: false, said: `${said} (code ${first.code})` }];
}

const stops = ['DISABLED_UPDATE', 'ACCOUNT_DELETED', 'PARTNER_REMOVED', 'ACCOUNT_OFFBOARDED'];

function accountNotice(raw: unknown): Notice[] {
  const { data } = account.safeParse(raw);
  if (!data || data.event === '') return [];
  const more = [
    data.ban_info?.waba_ban_state,
    data.violation_info?.violation_type,
    ...(data.restriction_info ?? []).map(({ restriction_type: type }) => type),
  ].filter((one) => one !== undefined);
  const isBanned = data.ban_info?.waba_ban_state === 'DISABLE' || data.ban_info?.waba_ban_state === 'SCHEDULE_FOR_DISABLE';
  return [{ kind: 'account', isStopped: isBanned || stops.includes(data.event), said: [data.event, ...more].join(': ') }];
}

function alertNotice(raw: unknown): Notice[] {
  const { data } = alert.safeParse(raw);
  if (!data || !/critical|warning/i.test(data.alert_severity)) return [];
  return [{ kind: 'account', isStopped: false, said: data.alert_description === '' ? data.alert_type : data.alert_description }];
}
