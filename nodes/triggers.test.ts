import type { ChannelEvent } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { channelTrigger } from './channel-trigger/node.ts';
import { nextFire } from './schedule-trigger/next-fire.ts';
import { scheduleTrigger } from './schedule-trigger/node.ts';
import { webhookTrigger } from './webhook-trigger/node.ts';

describe('channel trigger', () => {
  const event = (text: string, given: Partial<ChannelEvent> = {}): ChannelEvent => ({
    channelId: 'chan_1',
    channelKind: 'telegram',
    isGroup: false,
    messages: [{ id: 'm', text, attachments: [], receivedAt: '' }],
    ...given,
  });
  const match = (config: object, given: ChannelEvent) => channelTrigger.match?.(channelTrigger.config.parse(config), given) ?? null;

  test('takes private chats of every channel unless told otherwise', () => {
    expect(match({}, event('hi'))).not.toBeNull();
    expect(match({}, event('hi', { isGroup: true }))).toBeNull();
    expect(match({ chats: 'groups' }, event('hi', { isGroup: true }))).not.toBeNull();
    expect(match({ channels: ['chan_2'] }, event('hi'))).toBeNull();
  });

  test('the more it asks for, the more it counts', () => {
    const scores = [
      { chats: 'all' },
      {},
      { channels: ['chan_1'] },
      { words: ['factura'] },
      { words: ['factura'], channels: ['chan_1'] },
    ].map((config) => match(config, event('Mi FACTÚRA')) ?? -1);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(new Set(scores).size).toBe(scores.length);
  });

  test('a word asked for must be there', () => {
    expect(match({ words: ['factura'] }, event('hola'))).toBeNull();
  });

  test('a channel that is gone is found at design time', () => {
    const config = channelTrigger.config.parse({ channels: ['any', 'chan_9'] });
    expect(channelTrigger.check?.(config, { credentials: [], channels: [], variables: [] })).toMatchObject([
      { field: 'channels.1', severity: 'error' },
    ]);
  });
});

describe('schedule trigger', () => {
  test.each([
    ['0 9 * * 1-5', 'UTC', '2026-11-20T09:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['0 9 * * *', 'Europe/Madrid', '2027-03-27T08:30:00Z', '2027-03-28T07:00:00.000Z'],
    ['30 2 * * *', 'Europe/Madrid', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('"%s" in %s after %s fires at %s', (cron, timezone, after, fires) => {
    expect(nextFire({ cron, timezone }, new Date(after))?.toISOString()).toBe(fires);
  });

  test.each(['0 0 30 2 *', 'every day', '61 * * * *', '* * * * * *'])('"%s" never fires, and says so at design time', (cron) => {
    expect(nextFire({ cron, timezone: 'UTC' }, new Date('2026-01-01'))).toBeNull();
    expect(scheduleTrigger.check?.(scheduleTrigger.config.parse({ cron }), { credentials: [], channels: [], variables: [] })).toMatchObject(
      [{ field: 'cron', severity: 'error' }],
    );
  });
});

test('a webhook’s address is checked in words', () => {
  for (const path of ['', 'ab', 'Orders', '../x', 'a b c', undefined])
    expect(webhookTrigger.config.safeParse({ path }).error?.issues[0]?.message).toBe(
      'Write the end of the address: at least 3 small letters, digits or "-"',
    );
});
