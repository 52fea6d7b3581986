import { endpoints } from '@holdfast/contracts';
import { findUserByEmail, insertAudit, setPasswordChosen } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { isAPIError } from 'better-auth/api';
import { fromNodeHeaders } from 'better-auth/node';
import type { Response } from 'express';
import { admitTry, forgetTries } from '../auth/sign-in-throttle.ts';
import type { ServerDeps } from '../deps.ts';
import { ok, openRoute, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function authRoutes({ pool, auth, live }: ServerDeps): Route[] {
  return [
    openRoute(endpoints.signIn, {
      run: async ({ body, request, response }) => {
        const email = body.email.trim().toLowerCase();
        await admitTry(pool, email);
        const { headers } = await auth.api
          .signInEmail({ body: { email, password: body.password }, headers: fromNodeHeaders(request.headers), returnHeaders: true })
          .catch(refuseSignIn);
        passCookies(headers, response);
        await forgetTries(pool, email);
        const user = await findUserByEmail(pool, email);
        await insertAudit(pool, {
          workspaceId: null,
          actorId: user?.id ?? null,
          actorName: email,
          action: 'session.started',
          subject: user?.id ?? email,
          ip: request.socket.remoteAddress ?? null,
        });
        return ok;
      },
    }),
    openRoute(endpoints.signOut, {
      run: async ({ request, response }) => {
        const before = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
        const { headers } = await auth.api.signOut({ headers: fromNodeHeaders(request.headers), returnHeaders: true });
        passCookies(headers, response);
        if (before) live.closeStreamsOf(before.user.id);
        return ok;
      },
    }),
    route(endpoints.changePassword, {
      run: async ({ body, caller, request, response }) => {
        if (caller.kind === 'key')
          throw new HoldfastError('auth.forbidden', { detail: 'An API key has no password.', hint: 'Sign in as a person.' });
        if (body.newPassword === body.currentPassword)
          throw new HoldfastError('request.invalid', {
            detail: 'The new password is the old one.',
            hint: 'Choose another.',
            path: 'newPassword',
          });
        const account = `password of ${caller.id}`;
        await admitTry(pool, account);
        const { headers } = await auth.api
          .changePassword({ body: { ...body, revokeOtherSessions: true }, headers: fromNodeHeaders(request.headers), returnHeaders: true })
          .catch(refusePassword);
        await forgetTries(pool, account);
        await setPasswordChosen(pool, caller.id);
        await auditOf(pool, caller, { action: 'password.changed', subject: caller.id });
        passCookies(headers, response);
        live.closeStreamsOf(caller.id);
        return ok;
      },
    }),
  ];
}

function passCookies(headers: Headers | null | undefined, response: Response): void {
  for (const cookie of headers?.getSetCookie() ?? []) response.append('set-cookie', cookie);
}

/** One text for an unknown address and a wrong password. */
function refuseSignIn(error: unknown): never {
  if (!isAPIError(error)) throw error;
  throw new HoldfastError('auth.required', {
    detail: 'The e-mail address and the password don’t fit together.',
    hint: 'Check both. After 10 tries an account rests for 15 minutes.',
  });
}

function refusePassword(error: unknown): never {
  if (!isAPIError(error)) throw error;
  throw new HoldfastError('request.invalid', { detail: 'The current password is not right.', path: 'currentPassword' });
}
