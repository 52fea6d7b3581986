import { createPool, findFirstWorkspace, insertAudit, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { createFlow, publishFlow, readFlowFile } from '@holdfast/flows';
import { catalog } from '@holdfast/nodes/catalog';

export interface FlowImport {
  databaseUrl: string;
  /** What the file holds, parsed as JSON. */
  file: unknown;
  /** Also put it live; otherwise it comes in as a draft that runs nothing. */
  publish?: boolean;
}

/** Brings a flow file in as a new flow of the first workspace. Throws `flow.invalid` with the findings. */
export async function importFlow({
  databaseUrl,
  file,
  publish = false,
}: FlowImport): Promise<{ id: string; name: string; version: string | null }> {
  const parsed = readFlowFile(file, catalog);
  const pool = createPool(databaseUrl, { max: 1, name: 'holdfast-cli' });
  try {
    const workspace = await findFirstWorkspace(pool);
    if (!workspace)
      throw new HoldfastError('resource.missing', { detail: 'There is no workspace yet.', hint: 'Start Holdfast once, then import.' });
    return await transaction(pool, async (client) => {
      const { id } = await createFlow(client, { workspaceId: workspace.id, file: parsed, by: 'command line' });
      await insertAudit(client, {
        workspaceId: workspace.id,
        actorId: null,
        actorName: 'command line',
        action: 'flow.created',
        subject: id,
        detail: { name: parsed.name },
      });
      const published = publish
        ? await publishFlow(client, { workspaceId: workspace.id, flowId: id, note: 'Imported', by: 'command line', catalog })
        : null;
      return { id, name: parsed.name, version: published?.version ?? null };
    });
  } finally {
    await pool.end();
  }
}
