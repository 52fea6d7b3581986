import { insertRun, newId, type NewRun, type Queryable } from '@holdfast/db';
import { rootStepId } from '@holdfast/graph';

/** BEGIN: the run with its first journal entry, due to be started. Ring after the commit. */
export async function beginRun(db: Queryable, given: Omit<NewRun, 'id'> & { port: string }): Promise<string> {
  const { port, ...run } = given;
  const id = newId('run');
  await insertRun(
    db,
    { ...run, id },
    { kind: 'run-started', at: new Date().toISOString(), node: run.triggerNodeId, step: rootStepId(id), port, input: run.input },
  );
  return id;
}
