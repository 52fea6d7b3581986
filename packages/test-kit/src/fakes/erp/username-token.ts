import { passwordDigest } from 'soap';
import { z } from 'zod';

const text = z.union([z.string(), z.object({ $value: z.string().optional() }).transform(({ $value }) => $value ?? '')]);
const header = z.object({
  UsernameToken: z.object({
    Username: text,
    Password: z.object({ attributes: z.object({ Type: z.string() }), $value: z.coerce.string() }),
    Nonce: text.optional(),
    Created: text.optional(),
  }),
});

export interface WsUser {
  username: string;
  password: string;
  /** Which way the ERP wants it; both when left out. */
  way?: 'text' | 'digest';
}

/** Whether a WS-Security header proves this user; a nonce counts once. */
export function provesUser(user: WsUser, security: unknown, nonces: Set<string>): boolean {
  const parsed = header.safeParse(security);
  if (!parsed.success) return false;
  const { Username, Password, Nonce, Created } = parsed.data.UsernameToken;
  const way = Password.attributes.Type.endsWith('#PasswordDigest') ? 'digest' : 'text';
  if (Username !== user.username || (user.way !== undefined && user.way !== way)) return false;
  if (way === 'text') return Password.$value === user.password;
  if (Nonce === undefined || Created === undefined || nonces.has(Nonce)) return false;
  nonces.add(Nonce);
  return Password.$value === passwordDigest(Nonce, Created, user.password);
}
