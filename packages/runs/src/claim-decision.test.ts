import { expect, test } from 'vitest';
import { decideClaim } from './claim-decision.ts';

const run = (status: string, waitingFor: string | null = null, id = `${status}-${waitingFor}`) => ({ id, status, waitingFor });

test('a person’s hold keeps messages in the inbox, whatever the runs do', () => {
  expect(decideClaim('person', [run('waiting', 'reply')])).toEqual({ act: 'inbox-only' });
});

test('an executing run makes messages stay pending, also while another one asks', () => {
  expect(decideClaim('bot', [run('waiting', 'reply'), run('running')])).toEqual({ act: 'stay-pending' });
});

test('a run whose sends are held back counts as executing', () => {
  expect(decideClaim('bot', [run('waiting', 'send')])).toEqual({ act: 'stay-pending' });
});

test('of several runs that ask, the newest hears the answer', () => {
  expect(decideClaim('bot', [run('waiting', 'reply', 'new'), run('waiting', 'reply', 'old')])).toEqual({ act: 'doorbell', runId: 'new' });
});

test('a question is answered although another branch of its run needs attention', () => {
  expect(decideClaim('bot', [run('attention', 'reply', 'a')])).toEqual({ act: 'doorbell', runId: 'a' });
});

test('a paused question does not hear: a person does', () => {
  const paused = run('paused', 'reply');
  expect(decideClaim('bot', [paused])).toEqual({ act: 'open-handoff', run: paused });
});

test('runs that only wait for time or events leave room for a new one', () => {
  expect(decideClaim('bot', [run('waiting', 'timer'), run('waiting', 'event')])).toEqual({ act: 'start-run' });
  expect(decideClaim('bot', [])).toEqual({ act: 'start-run' });
});
