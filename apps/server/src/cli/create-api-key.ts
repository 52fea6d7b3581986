import { createPool, findFirstWorkspace, insertApiKey, insertAudit, newId } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { endpoints } from '@holdfast/contracts';
import { hashApiKey, keyStart, makeApiKey } from '../auth/api-key.ts';

export interface NewKey {
  databaseUrl: string;
  name: string;
  /** admin, builder, operator or viewer. */
  role: string;
}

/** Makes an API key for the first workspace, from the machine itself. Answers the key, which is stored nowhere. */
export async function createApiKey({ databaseUrl, name, role }: NewKey): Promise<string> {
  const wanted = endpoints.createKey.body?.safeParse({ name, role });
  if (!wanted?.success)
    throw new HoldfastError('request.invalid', {
      detail: `A key needs a name (at most 60 characters) and one of the roles admin, builder, operator, viewer; "${name}" and "${role}" don't fit.`,
    });
  const pool = createPool(databaseUrl, { max: 1, name: 'holdfast-cli' });
  try {
    const workspace = await findFirstWorkspace(pool);
    if (!workspace)
      throw new HoldfastError('resource.missing', {
        detail: 'There is no workspace yet.',
        hint: 'Start Holdfast once, then make the key.',
      });
    const key = makeApiKey();
    const made = await insertApiKey(pool, {
      id: newId('apiKey'),
      workspaceId: workspace.id,
      name,
      role,
      hash: hashApiKey(key),
      start: keyStart(key),
      createdBy: 'command line',
    });
    await insertAudit(pool, {
      workspaceId: workspace.id,
      actorId: null,
      actorName: 'command line',
      action: 'key.created',
      subject: made.id,
      detail: { name, role },
    });
    return key;
  } finally {
    await pool.end();
  }
}
