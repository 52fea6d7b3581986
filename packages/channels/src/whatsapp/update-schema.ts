import { z } from 'zod';

// What Meta writes, read defensively: its own description lags behind what it sends. Numbers come as texts here and as numbers there.
const text = z.union([z.string(), z.number()]).transform(String);
const media = z.object({
  id: text,
  mime_type: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
});
const context = z.object({
  id: text.optional(),
  forwarded: z.boolean().optional(),
  frequently_forwarded: z.boolean().optional(),
});
const choice = z.object({ id: z.string().default(''), title: z.string().default(''), description: z.string().optional() });
const card = z.object({
  name: z.object({ formatted_name: z.string().optional(), first_name: z.string().optional() }).optional(),
  phones: z.array(z.object({ phone: z.string().optional(), wa_id: z.string().optional() })).optional(),
});
const product = z.object({
  product_retailer_id: text.default(''),
  quantity: z.coerce.number().default(1),
  item_price: z.coerce.number().optional(),
  currency: z.string().optional(),
});
const problem = z.object({
  code: z.coerce.number().default(0),
  title: z.string().optional(),
  message: z.string().optional(),
  error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
});
export type MetaProblem = z.infer<typeof problem>;

const content = z.object({
  type: z.string().default('unknown'),
  text: z.object({ body: z.string().default('') }).optional(),
  image: media.optional(),
  audio: media.optional(),
  video: media.optional(),
  document: media.optional(),
  sticker: media.optional(),
  interactive: z
    .object({
      button_reply: choice.optional(),
      list_reply: choice.optional(),
      nfm_reply: z.object({ body: z.string().optional(), response_json: z.string().optional() }).optional(),
    })
    .optional(),
  button: z.object({ payload: z.string().optional(), text: z.string().default('') }).optional(),
  location: z
    .object({
      latitude: z.coerce.number(),
      longitude: z.coerce.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  contacts: z.array(card).optional(),
  order: z.object({ text: z.string().optional(), product_items: z.array(product).default([]) }).optional(),
  context: context.optional(),
});
export type Content = z.infer<typeof content>;

const message = content.extend({
  id: text,
  from: text.optional(),
  from_user_id: z.string().optional(),
  to: text.optional(),
  to_user_id: z.string().optional(),
  group_id: z.string().optional(),
  timestamp: text.optional(),
  reaction: z.object({ message_id: text, emoji: z.string().optional() }).optional(),
  system: z
    .object({
      type: z.string().optional(),
      body: z.string().optional(),
      wa_id: text.optional(),
      new_wa_id: text.optional(),
      user_id: z.string().optional(),
    })
    .optional(),
  edit: z.object({ original_message_id: text, message: content.optional() }).optional(),
  revoke: z.object({ original_message_id: text }).optional(),
  referral: z.record(z.string(), z.json()).optional(),
  errors: z.array(problem).optional(),
});
export type MetaMessage = z.infer<typeof message>;

const contact = z.object({
  profile: z.object({ name: z.string().optional(), username: z.string().optional() }).optional(),
  wa_id: text.optional(),
  user_id: z.string().optional(),
  parent_user_id: z.string().optional(),
});
export type MetaContact = z.infer<typeof contact>;

const status = z.object({
  id: text,
  status: z.string(),
  timestamp: text.optional(),
  recipient_id: text.optional(),
  recipient_user_id: z.string().optional(),
  biz_opaque_callback_data: z.string().optional(),
  conversation: z.object({ expiration_timestamp: text.optional() }).optional().catch(undefined),
  pricing: z
    .object({
      billable: z.boolean().optional(),
      pricing_model: z.string().optional(),
      type: z.string().optional(),
      category: z.string().default(''),
    })
    .optional()
    .catch(undefined),
  errors: z.array(problem).optional(),
});
export type MetaStatus = z.infer<typeof status>;

const preference = z.object({
  wa_id: text.optional(),
  user_id: z.string().optional(),
  category: z.string().default(''),
  value: z.string(),
  timestamp: text.optional(),
});
const userIdUpdate = z.object({
  wa_id: text.optional(),
  previous_user_id: z.string().optional(),
  user_id: z.union([z.string(), z.object({ previous: z.string().optional(), current: z.string().optional() })]).optional(),
  timestamp: text.optional(),
});

/** Entries that can't be read are left out one by one; the others count. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .default([])
    .transform((items) => items.flatMap((one) => item.safeParse(one).data ?? []) as z.infer<T>[]); // safeParse answers exactly that

/** What stands in `changes[].value`, whatever its field. */
export const changeValue = z.object({
  metadata: z.object({ phone_number_id: text.optional(), display_phone_number: text.optional() }).optional().catch(undefined),
  contacts: list(contact),
  messages: list(message),
  statuses: list(status),
  message_echoes: list(message),
  user_preferences: list(preference),
  user_id_update: list(userIdUpdate),
});
export type ChangeValue = z.infer<typeof changeValue>;

export const envelope = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(
    z.object({
      id: text.default(''),
      changes: z.array(z.object({ field: z.string().default(''), value: z.json() })).default([]),
    }),
  ),
});
