import { smtpSettings } from '@holdfast/contracts';
import type { JsonValue } from '@holdfast/node-kit';
import type { Secrets } from '@holdfast/secrets';
import { z } from 'zod';

/** As stored: the password is sealed apart from what people may read. */
export const storedSmtp = z.object({
  settings: smtpSettings.omit({ password: true }),
  password: z.object({ secret: z.string(), keyId: z.string() }).nullable(),
});
type SmtpInput = z.infer<typeof smtpSettings>;

/** Seals the password. Without one the stored stays, as long as it goes to the same server and user. */
export function sealSmtp(secrets: Secrets, input: SmtpInput | null, before: JsonValue | undefined): JsonValue {
  if (input === null) return null;
  const { password, ...settings } = input;
  const known = storedSmtp.safeParse(before);
  const isSame =
    known.success &&
    known.data.settings.host === settings.host &&
    known.data.settings.port === settings.port &&
    known.data.settings.user === settings.user;
  const sealed = password === undefined ? (isSame ? known.data.password : null) : sealText(secrets, password);
  const { host, port, secure, user, from } = settings;
  return { settings: { host, port, secure, from, ...(user === undefined ? {} : { user }) }, password: sealed };
}

function sealText(secrets: Secrets, text: string): { secret: string; keyId: string } {
  const { secret, keyId } = secrets.seal(text);
  return { secret: secret.toString('base64'), keyId };
}

/** Settings ready to connect with; null when none are stored. */
export function openSmtp(secrets: Secrets, stored: JsonValue | undefined): SmtpInput | null {
  const known = storedSmtp.safeParse(stored);
  if (!known.success) return null;
  const { settings, password } = known.data;
  if (!password) return settings;
  return { ...settings, password: secrets.open({ secret: Buffer.from(password.secret, 'base64'), keyId: password.keyId }) };
}
