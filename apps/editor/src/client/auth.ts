import { errorFromAnswer, unreachable } from './api-error.ts';

// Sessions are the auth library's own routes, so they are no endpoints of the contract.
async function post(path: string, body: unknown): Promise<void> {
  const response = await fetch(`/api/auth/${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
  if (response.ok) return;
  const answer: unknown = await response.json().catch(() => null);
  throw errorFromAnswer(response.status, answer);
}

/** Throws an ApiError with status 401 when the pair does not fit. */
export const signIn = (email: string, password: string): Promise<void> => post('sign-in/email', { email, password });
export const signOut = (): Promise<void> => post('sign-out', {});
/** Ends every other session of this person. */
export const changePassword = (currentPassword: string, newPassword: string): Promise<void> =>
  post('change-password', { currentPassword, newPassword, revokeOtherSessions: true });
