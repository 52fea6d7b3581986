import { hasUsers } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { endpoints } from '@holdfast/contracts';
import type { ServerDeps } from '../deps.ts';
import type { ServerSettings } from '../server-settings.ts';
import { createFirstOwner } from './first-owner.ts';

/** Makes the owner that HOLDFAST_OWNER_EMAIL and HOLDFAST_OWNER_PASSWORD name, at the first start only. Throws a sentence when they don't do. */
export async function ownerFromEnvironment(
  deps: Pick<ServerDeps, 'pool' | 'catalog' | 'demoUrl'>,
  { ownerEmail, ownerPassword }: ServerSettings,
): Promise<void> {
  if (ownerEmail === undefined && ownerPassword === undefined) return;
  if (await hasUsers(deps.pool)) return;
  const parsed = endpoints.setup.body?.safeParse({
    name: ownerEmail?.split('@')[0],
    email: ownerEmail,
    password: ownerPassword,
    workspace: 'My workspace',
  });
  if (!parsed?.success) {
    const issue = parsed?.error.issues[0];
    const name = issue?.path[0] === 'password' ? 'HOLDFAST_OWNER_PASSWORD' : 'HOLDFAST_OWNER_EMAIL';
    throw new Error(
      `${name} can't be used: ${issue?.message ?? 'it is missing'}. Set HOLDFAST_OWNER_EMAIL and HOLDFAST_OWNER_PASSWORD (at least 10 characters) together, or neither.`,
    );
  }
  await createFirstOwner(deps, { ...parsed.data, ip: null }).catch((error: unknown) => {
    // Another process of the same start was faster.
    if (!(error instanceof HoldfastError && error.code === 'resource.conflict')) throw error;
  });
}
