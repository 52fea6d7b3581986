import { insertChannel, insertWorkspace, newId, saveAnswer, saveVariable, type Queryable } from '@holdfast/db';
import type { FlowFile } from '@holdfast/graph';
import type { Catalog, JsonObject } from '@holdfast/node-kit';
import { createFlow } from './create-flow.ts';
import { publishFlow } from './publish-flow.ts';

interface Sample {
  file: FlowFile;
  answers: readonly { questions: string[]; answer: string; language: string }[];
  variables: JsonObject;
}

export interface NewWorkspace {
  name: string;
  /** Flows that are live from the start, so the first look shows something that works. */
  samples: readonly Sample[];
  /** Where the bundled demo service listens; null without one. */
  demoUrl: string | null;
  catalog: Catalog;
}

/** A workspace that answers at once: simulator channel, variables, live sample flows. Call it in a transaction. */
export async function createWorkspace(db: Queryable, given: NewWorkspace): Promise<{ id: string }> {
  const workspaceId = newId('workspace');
  await insertWorkspace(db, { id: workspaceId, name: given.name });
  await insertChannel(db, {
    id: newId('channel'),
    workspaceId,
    kind: 'simulator',
    name: 'Simulator',
    config: {},
    secret: null,
    keyId: null,
  });
  for (const sample of given.samples) await addSample(db, workspaceId, given, sample);
  return { id: workspaceId };
}

async function addSample(db: Queryable, workspaceId: string, { demoUrl, catalog }: NewWorkspace, sample: Sample): Promise<void> {
  const variables = demoUrl === null ? sample.variables : { ...sample.variables, demo_orders_url: demoUrl };
  for (const [name, value] of Object.entries(variables)) await saveVariable(db, { workspaceId, name, value, by: null });
  for (const answer of sample.answers) await saveAnswer(db, { id: newId('answer'), workspaceId, ...answer });
  const { id } = await createFlow(db, { workspaceId, file: sample.file, by: null });
  await publishFlow(db, { workspaceId, flowId: id, note: 'Comes with Holdfast', by: null, catalog });
}
