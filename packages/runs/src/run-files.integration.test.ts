import { eraseContact, loadFile, newId, transaction } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesOfStep, filesOfTrial } from './run-files.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
  await world.publish('start:channel-trigger.message -> ask:wait');
});
afterAll(() => world.close());

const file = (text: string, name = 'invoice.pdf') => ({ name, mimeType: 'application/pdf', content: new TextEncoder().encode(text) });
let customers = 0;

/** A run about a customer of its own, with the files of any of its steps. */
async function openRun(guard = async () => undefined) {
  const { runId } = await world.talk(`customer ${(customers += 1)}`, 'hello');
  const { rows } = await world.pool.query<{ contact: string }>('select contact_id as contact from runs where id = $1', [runId]);
  const session = {
    deps: { ...world.deps, fileLimits: { fileBytes: 100, runBytes: 150, runCount: 3 } },
    run: { id: runId, workspaceId: world.workspaceId },
    guard,
  };
  return {
    runId,
    contact: rows[0]?.contact ?? '',
    filesOf: (step: string, stillMine = () => undefined as void) => filesOfStep(session, step, stillMine),
  };
}
const kept = async (id: string) => (await loadFile(world.pool, { workspaceId: world.workspaceId, id }))?.content.toString() ?? null;

test('a step that is tried again writes the same file; another step and another part write their own', async () => {
  const { filesOf } = await openRun();
  const first = await filesOf('step_1').save(file('one'));
  const again = await filesOf('step_1').save(file('two', '../a\u202eb.pdf'));
  expect(again).toMatchObject({ id: first.id, name: '_a_b.pdf', sizeBytes: 3 });
  expect(await kept(first.id)).toBe('two');
  const others = [await filesOf('step_2').save(file('x')), await filesOf('step_1').save(file('y'), 'page-2')];
  expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(3);
  expect(await filesOf('step_3').read(first.id)).toMatchObject({ name: '_a_b.pdf', mimeType: 'application/pdf', sizeBytes: 3 });
});

test('too much is refused with its size: one file, all files together, and their number', async () => {
  const { filesOf } = await openRun();
  await expect(filesOf('step_1').save(file('x'.repeat(101)))).rejects.toMatchObject({ code: 'file.too-large' });
  await filesOf('step_1').save(file('x'.repeat(90)));
  await expect(filesOf('step_2').save(file('x'.repeat(90)))).rejects.toMatchObject({ code: 'file.too-large' });
  // The same file again takes no more room.
  await filesOf('step_1').save(file('x'.repeat(100)));
  await filesOf('step_2').save(file('x'));
  await filesOf('step_3').save(file('x'));
  await expect(filesOf('step_4').save(file('x'))).rejects.toMatchObject({
    code: 'file.too-large',
    detail: 'This run has made 3 files, and more are not kept.',
  });
});

test('a file of another workspace is not there, and nothing is kept for a run that has another owner', async () => {
  const { filesOf } = await openRun();
  const { id } = await filesOf('step_1').save(file('one'));
  const elsewhere = filesOfTrial(world.deps, newId('workspace'));
  await expect(elsewhere.read(id)).rejects.toMatchObject({ code: 'file.missing' });
  const stale = await openRun(async () => {
    throw new Error('It has another owner.');
  });
  await expect(stale.filesOf('step_1').save(file('late'))).rejects.toThrow('another owner');
  expect((await world.pool.query('select 1 from files where run_id = $1', [stale.runId])).rowCount).toBe(0);
});

test('an attempt whose time is over while it waits for the database does not replace what the next one has kept', async () => {
  let isOver = false;
  const { filesOf } = await openRun(async () => {
    isOver = true;
  });
  const { id } = await filesOf('step_1').save(file('of the second attempt'));
  isOver = false;
  const first = filesOf('step_1', () => {
    if (isOver) throw new Error('Its time is over.');
  });
  await expect(first.save(file('of the first'))).rejects.toThrow('Its time is over.');
  expect(await kept(id)).toBe('of the second attempt');
});

test('what a run made goes with its contact, also when another person’s run made it for them', async () => {
  const ana = await openRun();
  const berta = await openRun();
  const own = await ana.filesOf('step_1').save(file('of Ana'));
  const sent = await berta.filesOf('step_1').save(file('for Ana'));
  const staffs = await filesOfTrial(world.deps, world.workspaceId).save(file('a price list'));
  for (const { id } of [sent, staffs])
    await world.pool.query(
      `insert into messages (id, workspace_id, conversation_id, direction, author, status, text, content)
        select $1, $2, id, 'out', 'bot', 'sent', '', jsonb_build_object('attachments', jsonb_build_array(jsonb_build_object('kind', 'document', 'fileId', $3::text)))
        from conversations where contact_id = $4`,
      [newId('message'), world.workspaceId, id, ana.contact],
    );
  await transaction(world.pool, (client) => eraseContact(client, { workspaceId: world.workspaceId, contactId: ana.contact }));
  expect([await kept(own.id), await kept(sent.id), await kept(staffs.id)]).toEqual([null, null, 'a price list']);
});
