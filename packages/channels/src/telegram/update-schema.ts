import { z } from 'zod';

// Only what we read, and leniently: a field that Telegram adds or drops must not cost an event. Ids exceed 32 bits, some 52.
const id = z.union([z.number(), z.string()]).transform(String);
const chat = z.object({
  id,
  type: z.string(),
  title: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});
const user = z.object({
  id,
  is_bot: z.boolean().default(false),
  first_name: z.string().default(''),
  last_name: z.string().optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});
const file = z.object({
  file_id: z.string(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  file_size: z.number().optional(),
  duration: z.number().optional(),
  is_animated: z.boolean().optional(),
  is_video: z.boolean().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
});
const place = z.object({ latitude: z.number(), longitude: z.number() });
const entity = z.object({ type: z.string(), offset: z.number(), length: z.number() });
const button = z.object({ text: z.string(), callback_data: z.string().optional() });

export const telegramMessage = z.object({
  message_id: id,
  date: z.number(),
  edit_date: z.number().optional(),
  chat,
  from: user.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  entities: z.array(entity).optional(),
  caption_entities: z.array(entity).optional(),
  photo: z.array(file).optional(),
  voice: file.optional(),
  audio: file.optional(),
  video: file.optional(),
  video_note: file.optional(),
  animation: file.optional(),
  document: file.optional(),
  sticker: file.extend({ emoji: z.string().optional() }).optional(),
  location: place.optional(),
  venue: z.object({ location: place, title: z.string(), address: z.string().default('') }).optional(),
  // A hidden number is left out.
  contact: z
    .object({ phone_number: z.string().default(''), first_name: z.string().default(''), last_name: z.string().optional() })
    .optional(),
  poll: z.object({ question: z.string() }).optional(),
  dice: z.object({ emoji: z.string() }).optional(),
  story: z.looseObject({}).optional(),
  media_group_id: z.string().optional(),
  forward_origin: z.looseObject({}).optional(),
  reply_to_message: z.object({ message_id: id, text: z.string().optional(), caption: z.string().optional() }).optional().catch(undefined),
  quote: z.object({ text: z.string() }).optional().catch(undefined),
  migrate_to_chat_id: id.optional(),
  migrate_from_chat_id: id.optional(),
  reply_markup: z
    .object({ inline_keyboard: z.array(z.array(button)).default([]) })
    .optional()
    .catch(undefined),
});
export type TelegramMessage = z.infer<typeof telegramMessage>;

export const telegramUpdate = z.object({
  update_id: z.number().int(),
  message: telegramMessage.optional(),
  edited_message: telegramMessage.optional(),
  callback_query: z
    .object({
      id: z.string(),
      from: user,
      data: z.string().optional(),
      message: telegramMessage.partial({ date: true }).optional().catch(undefined),
    })
    .optional(),
  message_reaction: z
    .object({
      chat,
      message_id: id,
      user: user.optional(),
      date: z.number(),
      new_reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })).default([]),
    })
    .optional(),
  my_chat_member: z.object({ chat, from: user, date: z.number(), new_chat_member: z.object({ status: z.string() }) }).optional(),
});
export type TelegramUpdate = z.infer<typeof telegramUpdate>;
export type TelegramUser = z.infer<typeof user>;
export type TelegramFile = z.infer<typeof file>;
