import { HoldfastError } from '@holdfast/errors';
import type { EffectContext } from '@holdfast/node-kit';
import type { Gate, ProviderCall } from '@holdfast/providers';

interface Given {
  gate: Gate;
  openCredential: (workspaceId: string, id: string) => Promise<NonNullable<ProviderCall['credential']>>;
}

/** Calls that no run makes: they stand in their provider's limits like all others, and never in its queue: who is put off comes again later. */
export const createEgressFor =
  ({ gate, openCredential }: Given) =>
  (workspaceId: string): EffectContext['egress'] => ({
    request: async (request) => {
      const credential = request.credential === undefined ? undefined : await openCredential(workspaceId, request.credential);
      const admitted = await gate.admit({ workspaceId, request, credential });
      if (admitted.state === 'answered') return admitted.response;
      if (admitted.state === 'go') return admitted.send({ isIdempotent: request.isIdempotent ?? false });
      throw new HoldfastError('upstream.limited', {
        detail: admitted.reason,
        retryAfterMs: Math.max(1_000, admitted.notBefore.getTime() - Date.now()),
      });
    },
  });
