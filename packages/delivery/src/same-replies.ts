import { insertAlertOnce, listSameReplies, newId } from '@holdfast/db';
import { limitsOf } from '@holdfast/node-kit';
import type { DeliveryDeps } from './deps.ts';

/** Whoever wrote first expects an answer, so many more may get the same one before it looks like a machine that talks to itself. */
const timesAsMany = 10;
const fewest = 10;

/**
 * Answers are never slowed down, but the same one to hundreds of people within an hour is told: it may be a loop, a flood of bots, or a text that says nothing about
 * anybody. What we write first is noticed much earlier, by the throttler.
 */
export async function noticeSameReplies({ pool }: Pick<DeliveryDeps, 'pool'>): Promise<void> {
  for (const { workspaceId, channelId, channel, channelKind, config, text, people } of await listSameReplies(pool, fewest)) {
    const limit = limitsOf(channelKind, config)?.sameTextPeople ?? null;
    if (limit === null || people < limit * timesAsMany) continue;
    await insertAlertOnce(pool, {
      id: newId('alert'),
      workspaceId,
      event: 'channel.warning',
      subject: channelId,
      title: `The same answer goes to many people on "${channel}"`,
      detail: `${people} people were told "${text}" within an hour. Answers are not slowed down. Look whether that many people really wrote, and let the text say something about each of them.`,
      link: `/channels/${channelId}`,
    });
  }
}
