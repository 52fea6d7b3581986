import { insertKept, newId, type NewKeptCall } from '@holdfast/db';
import { workspaceId, type ProviderWorld } from './provider-world.ts';

/** A call as a step would have kept it; answers its id. */
export async function keep(
  { pool, service, key }: Pick<ProviderWorld, 'pool' | 'service' | 'key'>,
  { method = 'POST', path = '/orders', body = '', ...given }: Partial<NewKeptCall> & { method?: string; path?: string } = {},
): Promise<string> {
  const url = `${service.url}${path}`;
  const call: NewKeptCall = {
    id: newId('keptCall'),
    provider: key,
    stepId: 'step_1',
    orderKey: '',
    what: `${method} ${url}`,
    request: { method, url },
    isRepeatable: false,
    ...given,
    body: Buffer.from(body ?? '').toString('base64'),
  };
  await pool.query(`with held as (select null::text as id, $1::text as workspace_id)${insertKept(2)} select 1`, [
    workspaceId,
    JSON.stringify([call]),
  ]);
  return call.id;
}
