import { endpoints } from '@holdfast/contracts';
import { loadCredential } from '@holdfast/db';
import { asHoldfastError, HoldfastError } from '@holdfast/errors';
import { beginConnection, finishConnection } from '@holdfast/secrets';
import type { Request } from 'express';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

/** Credentials that a person connects at the provider: there and back. */
export function connectionRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  return [
    route(endpoints.connectCredential, {
      load: ({ caller, params }) => loadCredential(pool, { workspaceId: caller.workspaceId, id: params.id }),
      run: async ({ loaded, caller, request }) => ({
        url: await beginConnection(deps, {
          workspaceId: caller.workspaceId,
          sessionId: sessionOf(caller),
          id: loaded.id,
          redirectUri: redirectUriOf(deps, request),
        }),
      }),
    }),
    route(endpoints.finishConnection, {
      answers: 'itself',
      run: async ({ query, caller, response }) => {
        response.setHeader('cache-control', 'no-store');
        response.redirect(302, await comeBack(deps, caller, query));
        return '';
      },
    }),
  ];
}

/** The page to show, with what became of it. The person stands before a browser: an error is a page too. */
async function comeBack(
  deps: ServerDeps,
  caller: Caller,
  query: { state?: string | undefined; code?: string | undefined; error?: string | undefined; realmId?: string | undefined },
): Promise<string> {
  try {
    const { workspaceId } = caller;
    const id = await finishConnection(deps, { ...query, state: query.state ?? '', workspaceId, sessionId: sessionOf(caller) });
    await auditOf(deps.pool, caller, { action: 'credential.connected', subject: id, detail: {} });
    return `/connections`;
  } catch (thrown) {
    const error = asHoldfastError(thrown, 'internal');
    if (error.code === 'internal') deps.logger.error({ err: thrown }, 'a connection could not be finished');
    // What the provider said stands beside the connection; words from a link are shown to nobody.
    return `/connections?refused=${error.code === 'auth.signature' ? 'session' : 'provider'}`;
  }
}

function sessionOf({ sessionId }: Caller): string {
  if (sessionId !== null) return sessionId;
  throw new HoldfastError('auth.forbidden', {
    detail: 'A connection is made by a person in a browser, since the provider asks that person.',
    hint: 'Sign in and press Connect.',
  });
}

/** What is entered at the provider. Without HOLDFAST_PUBLIC_URL it is the address under which this person sees us. */
export const redirectUriOf = ({ publicUrl }: Pick<ServerDeps, 'publicUrl'>, request: Request): string =>
  `${publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`}/api/oauth/callback`;
