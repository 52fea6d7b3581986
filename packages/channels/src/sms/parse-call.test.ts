import { describe, expect, test } from 'vitest';
import { optOutWord } from './opt-out-words.ts';
import { parseTwilioCall } from './parse-call.ts';

const incoming = { MessageSid: 'SM1', From: '+34600111222', To: '+15550001111', Body: 'hello', NumMedia: '0', SmsStatus: 'received' };
const parse = (change: Record<string, string> = {}, advancedOptOut = false, reference: string | null = null) =>
  parseTwilioCall({ ...incoming, ...change }, { advancedOptOut, reference });

describe('a text that came in', () => {
  test('is a message of that number', () => {
    expect(parse()).toMatchObject([
      {
        eventId: 'SM1',
        kind: 'message',
        address: '+34600111222',
        contact: { address: '+34600111222', phone: '+34600111222' },
        text: 'hello',
        providerMessageId: 'SM1',
      },
    ]);
  });

  test('keeps its pictures', () => {
    const [event] = parse({
      Body: '',
      NumMedia: '2',
      MediaUrl0: 'https://a/1',
      MediaContentType0: 'image/jpeg',
      MediaUrl1: 'https://a/2',
      MediaContentType1: 'audio/amr',
    });
    expect(event?.attachments).toEqual([
      { kind: 'image', mimeType: 'image/jpeg', name: 'mms-1.jpeg', providerFileId: 'https://a/1' },
      { kind: 'audio', mimeType: 'audio/amr', name: 'mms-2.amr', providerFileId: 'https://a/2' },
    ]);
  });

  test.each(['STOP', ' stop ', 'Stop.', 'UNSUBSCRIBE', 'Alto', 'BAJA', '¡Parar!'])(
    '%j stops everything and is answered by nobody',
    (Body) => {
      expect(parse({ Body })).toMatchObject([
        { eventId: 'SM1:stop', kind: 'preference', preference: { purpose: 'all', isAllowed: false } },
        { eventId: 'SM1', kind: 'message', automatic: 'stop-word' },
      ]);
    },
  );

  test.each(['START', 'unstop', 'Alta'])('%j lets us write again', (Body) => {
    expect(parse({ Body })).toMatchObject([{ preference: { isAllowed: true } }, { automatic: 'start-word' }]);
  });

  test('"yes" lets us write again, and is an answer too', () => {
    const [preference, message] = parse({ Body: 'Yes' });
    expect([preference?.preference?.isAllowed, message?.automatic]).toEqual([true, undefined]);
  });

  test.each(['HELP', 'Ayuda', 'info'])('%j is answered by Twilio', (Body) =>
    expect(parse({ Body })).toMatchObject([{ automatic: 'help-word' }]),
  );

  test.each(['Please stop by tomorrow', 'cancelar', 'I want to cancel', 'no', 'stop it now'])('%j is a message like any other', (Body) => {
    const events = parse({ Body });
    expect([events.length, events[0]?.automatic]).toEqual([1, undefined]);
  });

  test('of an account with words of its own stops when Twilio says so, and only then', () => {
    expect(optOutWord('no more', 'STOP', true)).toBe('stop');
    expect(optOutWord('STOP', '', true)).toBeNull();
    expect(parse({ Body: 'genug', OptOutType: 'STOP' }, true)).toMatchObject([{ kind: 'preference' }, { automatic: 'stop-word' }]);
  });
});

describe('what became of one of ours', () => {
  const status = (MessageStatus: string, more: Record<string, string> = {}) =>
    parseTwilioCall(
      { MessageSid: 'SM1', MessageStatus, To: '+34600111222', From: '+15550001111', ...more },
      { advancedOptOut: false, reference: 'step_1:' },
    );

  test.each([
    ['queued', 'accepted'],
    ['sending', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
  ])('%s is %s', (said, is) =>
    expect(status(said)).toMatchObject([{ kind: 'status', providerMessageId: 'SM1', status: { status: is, reference: 'step_1:' } }]),
  );

  test.each(['undelivered', 'failed'])('%s is a failure with its reason', (said) =>
    expect(status(said, { ErrorCode: '30005' })).toMatchObject([{ status: { status: 'failed', problem: { code: 'send.suppressed' } } }]),
  );

  test('that nobody knows says nothing', () =>
    expect([status('partially_delivered'), parseTwilioCall({}, { advancedOptOut: false, reference: null })]).toEqual([[], []]));
});
