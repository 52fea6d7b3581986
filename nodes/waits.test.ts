import { parseDuration, type InboundMessage, type WaitPlan } from '@holdfast/node-kit';
import { scopeWith } from '@holdfast/test-kit/effects';
import { describe, expect, test } from 'vitest';
import { ask, askConfig } from './ask/node.ts';
import { humanHandoff } from './human-handoff/node.ts';
import { pauseMs, retry } from './retry/node.ts';
import { wait, waitConfig } from './wait/node.ts';

// How the waiting nodes plan and resolve, beyond their samples.
const scope = scopeWith();
const timeoutOf = (plan: WaitPlan): number | null => ('leave' in plan || plan.timeout === null ? null : parseDuration(plan.timeout));
const message = (text: string, given: Partial<InboundMessage> = {}): InboundMessage => ({
  id: 'm1',
  text,
  attachments: [],
  receivedAt: '2026-11-23T10:00:00.000Z',
  ...given,
});

describe('wait', () => {
  const until = (given: object, now: string) => timeoutOf(wait.plan({ config: waitConfig.parse(given), scope, visit: 1, now, random: 0 }));

  test.each([
    ['09:00', 'Europe/Madrid', '2026-11-23T07:30:00Z', 30],
    ['09:00', 'Europe/Madrid', '2026-11-23T08:00:00Z', 24 * 60],
    ['09:00', 'UTC', '2026-11-23T08:59:30.000Z', 0.5],
    // The night of 28 March 2027 has 23 hours in Madrid, that of 25 October 2026 has 25.
    ['09:00', 'Europe/Madrid', '2027-03-27T08:00:00Z', 23 * 60],
    ['09:00', 'Europe/Madrid', '2026-10-24T07:00:00Z', 25 * 60],
    // 02:30 does not exist that night: the clocks go from 02:00 to 03:00, and that is when it goes on.
    ['02:30', 'Europe/Madrid', '2027-03-28T00:00:00Z', 60],
  ])('until %s in %s from %s takes %s minutes', (time, timezone, now, minutes) => {
    expect(until({ until: 'time', time, timezone }, now)).toBe(minutes * 60_000);
  });

  test('until a date counts in its zone, and takes a full moment as it is', () => {
    expect(until({ until: 'date', date: '2026-12-24', time: '00:00', timezone: 'Africa/Nairobi' }, '2026-12-23T20:00:00Z')).toBe(3_600_000);
    expect(until({ until: 'date', date: '2026-12-24T10:00:00+02:00' }, '2026-12-24T07:00:00Z')).toBe(3_600_000);
  });

  test.each(['soon', '2026-02-30', '24/12/2026', '2028-12-24'])('says what is wrong with the date "%s"', (date) => {
    expect(() => until({ until: 'date', date }, '2026-11-23T10:00:00Z')).toThrow(
      expect.objectContaining({ code: 'step.config', path: 'date' }),
    );
  });

  test('a zone or a time that does not exist is refused', () => {
    expect(waitConfig.safeParse({ timezone: 'Europe/Atlantis' }).success).toBe(false);
    expect(waitConfig.safeParse({ time: '24:00' }).success).toBe(false);
    expect(waitConfig.safeParse({ until: 'date' }).error?.issues[0]?.message).toBe('Choose the date to wait for');
  });
});

describe('retry', () => {
  const config = retry.config.parse({ firstDelay: '10s', factor: 3, maxDelay: '2m', rounds: 4 });

  test('waits longer each round, up to its longest pause, a little less by chance', () => {
    expect([1, 2, 3, 4].map((round) => pauseMs(config, round, 0))).toEqual([10_000, 30_000, 90_000, 120_000]);
    expect(pauseMs(config, 1, 0.999)).toBeGreaterThanOrEqual(8_000);
  });

  test('gives up after its rounds', () => {
    expect(retry.plan({ config, scope, visit: 4, now: '', random: 0 })).toMatchObject({ timeoutPort: 'again' });
    expect(retry.plan({ config, scope, visit: 5, now: '', random: 0 })).toEqual({ leave: { port: 'gaveUp', output: { rounds: 4 } } });
  });
});

describe('ask', () => {
  const config = askConfig.parse({ question: 'Your email?', expects: 'email', reask: 'An address, please.', tries: 3 });
  const answer = (text: string, tries: number) =>
    ask.resolve({ config, scope, event: { kind: 'reply', messages: [message(text)] }, tries });

  test('asks again twice, then gives up', () => {
    expect([1, 2].map((tries) => answer('no', tries))).toEqual(
      Array.from({ length: 2 }, () => ({ say: { text: 'An address, please.', buttons: [], attachments: [] } })),
    );
    expect(answer('no', 3)).toMatchObject({ port: 'unclear', output: { text: 'no', value: null } });
    expect(answer('it is ana@example.com', 3)).toMatchObject({ port: 'answered', output: { value: 'ana@example.com' } });
  });

  test('reads over all messages that came together', () => {
    const resolved = ask.resolve({
      config,
      scope,
      event: { kind: 'reply', messages: [message('sure'), message('ana@example.com')] },
      tries: 1,
    });
    expect(resolved).toMatchObject({ port: 'answered', output: { text: 'sure\nana@example.com', value: 'ana@example.com' } });
  });

  test('takes a file where a file is asked for, and asks again for words where words are', () => {
    const picture = message('', { attachments: [{ kind: 'image', fileId: 'file_1' }] });
    const file = askConfig.parse({ question: 'A photo?', expects: 'attachment' });
    expect(ask.resolve({ config: file, scope, event: { kind: 'reply', messages: [picture] }, tries: 1 })).toMatchObject({
      port: 'answered',
      output: { value: [{ kind: 'image', fileId: 'file_1' }] },
    });
    expect(
      ask.resolve({ config: askConfig.parse({ question: 'Name?' }), scope, event: { kind: 'reply', messages: [picture] }, tries: 1 }),
    ).toHaveProperty('say');
  });

  test('keeps waiting for what is no reply', () => {
    expect(ask.resolve({ config, scope, event: { kind: 'handoff', outcome: 'returned', by: 'Ana' }, tries: 1 })).toBeNull();
  });

  test('choices must not be called like its other exits', () => {
    const choices = [{ id: 'expired', label: 'Expired' }];
    expect(askConfig.safeParse({ question: 'x', expects: 'choice', branch: true, choices }).success).toBe(false);
    expect(askConfig.safeParse({ question: 'x', expects: 'choice', choices }).success).toBe(true);
    expect(askConfig.safeParse({ question: 'x', expects: 'choice' }).error?.issues[0]?.message).toBe('Add at least one choice');
  });
});

describe('human handoff', () => {
  test('tells the team what is known and says something to the customer once', () => {
    const plan = humanHandoff.plan({
      config: humanHandoff.config.parse({ reason: 'Refund' }),
      scope: scopeWith({ trigger: { text: 'Money back' }, nodes: { lookup: { status: 200 } } }),
      visit: 1,
      now: '',
      random: 0,
    });
    expect(plan).toMatchObject({
      waitFor: 'handoff',
      timeout: null,
      reason: 'Refund',
      say: { text: 'One moment, please. A colleague will answer you here.' },
      details: { question: 'Money back', known: { lookup: { status: 200 } } },
    });
  });

  test('leaves out what is too long to be read at a glance', () => {
    const plan = humanHandoff.plan({
      config: humanHandoff.config.parse({}),
      scope: scopeWith({ nodes: { lookup: { body: 'x'.repeat(3_000) }, match: { value: 'A-1001' } } }),
      visit: 1,
      now: '',
      random: 0,
    });
    expect(plan).toMatchObject({ details: { known: { match: { value: 'A-1001' } } } });
    expect(JSON.stringify(plan)).not.toContain('xxx');
  });

  test('says nothing when its message is empty', () => {
    expect(
      humanHandoff.plan({ config: humanHandoff.config.parse({ message: ' ' }), scope, visit: 1, now: '', random: 0 }),
    ).not.toHaveProperty('say');
  });

  test('a customer’s message does not wake it', () => {
    expect(
      humanHandoff.resolve({
        config: humanHandoff.config.parse({}),
        scope,
        event: { kind: 'reply', messages: [message('hello?')] },
        tries: 1,
      }),
    ).toBeNull();
  });
});
