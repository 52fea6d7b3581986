import { insertFlow, newId, type Queryable } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { parseFlowFile, type Finding, type FlowFile } from '@holdfast/graph';
import type { Catalog } from '@holdfast/node-kit';

export const emptyFlow = (name: string): FlowFile => ({
  format: 'holdfast.flow/1',
  name,
  description: '',
  settings: { mergeBurst: '1500ms', sessionTimeout: '0s', typing: true, onExhausted: 'pause', maxSteps: 500, lane: 'auto' },
  nodes: [],
  edges: [],
  notes: [],
});

/** A file that this installation can show and save: known steps only, brought to their present versions. Throws `flow.invalid` with the findings. */
export function readFlowFile(given: unknown, catalog: Catalog): FlowFile {
  const parsed = parseFlowFile(given, catalog);
  if ('file' in parsed) return parsed.file;
  throw refusedFile(parsed.findings);
}

function refusedFile(findings: Finding[]): HoldfastError {
  const first = findings[0];
  return new HoldfastError('flow.invalid', {
    detail: first ? first.reason : 'This is not a flow file.',
    hint: first ? first.fix : 'Choose a file that Holdfast exported.',
    ...(first?.field === undefined ? {} : { path: first.field }),
    extra: { findings },
  });
}

/** Makes a flow from a file, or an empty one. It is a draft: nothing runs before it is published. */
export async function createFlow(db: Queryable, args: { workspaceId: string; file: FlowFile; by: string | null }): Promise<{ id: string }> {
  const id = newId('flow');
  await insertFlow(db, { id, workspaceId: args.workspaceId, name: args.file.name, draft: args.file, by: args.by });
  return { id };
}
