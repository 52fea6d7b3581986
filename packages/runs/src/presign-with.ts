import { HoldfastError } from '@holdfast/errors';
import type { LinkRequest } from '@holdfast/node-kit';
import type { ExecutionDeps } from './deps.ts';

/** An address that the credential's owner vouches for. */
export async function presignWith(
  { egress, openCredential }: Pick<ExecutionDeps, 'egress' | 'openCredential'>,
  workspaceId: string,
  credential: string,
  link: LinkRequest,
): Promise<string> {
  if (!egress.presign) throw new HoldfastError('internal', { detail: 'Nothing here signs addresses.' });
  return egress.presign({ ...link, resolvedCredential: await openCredential(workspaceId, credential) });
}
