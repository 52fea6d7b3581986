import { createPool, findFirstWorkspace, listFlowViews } from '@holdfast/db';
import type { FlowFile } from '@holdfast/graph';

export interface ExportedFlow {
  id: string;
  name: string;
  /** The draft: what people edit. */
  file: FlowFile;
}

/** Every flow of the first workspace as flow files; or one, by id or name. */
export async function exportFlows({ databaseUrl, flow }: { databaseUrl: string; flow?: string }): Promise<ExportedFlow[]> {
  const pool = createPool(databaseUrl, { max: 1, name: 'holdfast-cli' });
  try {
    const workspace = await findFirstWorkspace(pool);
    const flows = workspace ? await listFlowViews(pool, workspace.id) : [];
    return flows
      .filter((each) => flow === undefined || each.id === flow || each.name === flow)
      .map(({ id, name, draft }) => ({ id, name, file: draft }));
  } finally {
    await pool.end();
  }
}
