import {
  capMarketing,
  closeWindow,
  countUnreached,
  insertAlertOnce,
  newId,
  noteQuality,
  optOut,
  setUnreachable,
  stopChannel,
  suppress,
  type Pool,
} from '@holdfast/db';
import { codes } from '@holdfast/errors';

export interface Lesson {
  workspaceId: string;
  channelId: string;
  channelKind: string;
  conversationId: string;
  address: string;
  /** Of the error table, as the adapter translated the provider's own. */
  code: string;
  detail: string;
}

/** Kinds whose "not reached" may pass: a phone that is off, a mailbox that is full. So often in a row it is believed. */
const passing: ReadonlySet<string> = new Set(['whatsapp', 'email']);
const strikes = 3;

async function learnUnreachable(db: Pool, lesson: Lesson): Promise<void> {
  const { workspaceId, channelKind, conversationId, address, code, detail } = lesson;
  if (code === 'channel.unreachable' && passing.has(channelKind) && (await countUnreached(db, lesson)) < strikes) return;
  // A mailbox has a conversation for each thread: what is learned is about the address.
  if (channelKind === 'email') await suppress(db, { workspaceId, channelKind, address, reason: 'unreachable', detail: { said: detail } });
  else await setUnreachable(db, { workspaceId, conversationId, unreachable: { code, reason: detail, at: new Date().toISOString() } });
}

/** What a provider's no teaches beyond the one message, whether it came as the answer or later as a status. */
export async function learnFromCode(db: Pool, lesson: Lesson): Promise<void> {
  const { workspaceId, channelKind, conversationId, address, code, detail } = lesson;
  switch (code) {
    case 'channel.blocked':
    case 'channel.unreachable':
      return learnUnreachable(db, lesson);
    case 'channel.capped':
      return capMarketing(db, { workspaceId, conversationId });
    case 'send.opted-out': {
      // Whoever writes STOP to a phone number stops everything from it; elsewhere the provider means marketing.
      const purpose = channelKind === 'sms' ? 'service' : 'marketing';
      await optOut(db, { workspaceId, channelKind, address, purpose, source: 'provider', detail: { said: detail } });
      return;
    }
    // The answer to a send stops the channel where it is heard; here it came later, as a status.
    case 'channel.token':
      return stopChannel(db, { workspaceId, id: lesson.channelId, problem: { code, title: codes[code].title, detail } });
    // Something about the account that only a person can put right, as a country that it may not write to; all others are written to as before.
    case 'channel.refused':
      await insertAlertOnce(db, {
        id: newId('alert'),
        workspaceId,
        event: 'channel.warning',
        subject: lesson.channelId,
        title: codes[code].title,
        detail,
        link: `/channels/${lesson.channelId}`,
      });
      return;
    case 'send.suppressed':
      await suppress(db, { workspaceId, channelKind, address, reason: 'bounced', detail: { said: detail } });
      return;
    case 'send.window':
      // By the provider's clock it is over: from now on a template is sent where the step has one.
      return closeWindow(db, { workspaceId, conversationId });
    case 'send.quality':
      await noteQuality(db, { ...lesson, quality: 'red', reason: detail });
      return;
    default:
  }
}
