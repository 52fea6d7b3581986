import { mirrorTarget, type mirrorInput } from '@holdfast/contracts';
import type { MirrorRow } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { TargetAccess } from '@holdfast/mirror';
import type { Secrets } from '@holdfast/secrets';
import { z } from 'zod';

const mirrorSecret = z.object({
  password: z.string(),
  certificates: z.string().nullable(),
  certificatesPassword: z.string().nullable(),
});
type MirrorSecret = z.infer<typeof mirrorSecret>;

const openSecret = (secrets: Secrets, mirror: Pick<MirrorRow, 'secret' | 'keyId'>): MirrorSecret =>
  mirrorSecret.parse(JSON.parse(secrets.open(mirror)));

/** Everything for one session. Throws credential.missing when it was sealed with another key. */
export const openAccess = (secrets: Secrets, mirror: Pick<MirrorRow, 'target' | 'secret' | 'keyId'>): TargetAccess => ({
  ...mirrorTarget.parse(mirror.target),
  ...openSecret(secrets, mirror),
});

export const hasCertificates = (secrets: Secrets, mirror: Pick<MirrorRow, 'secret' | 'keyId'>): boolean => {
  try {
    return openSecret(secrets, mirror).certificates !== null;
  } catch {
    return false;
  }
};

/** What was entered, with what is stored where it was left out. The stored password goes only where it went before. Throws request.invalid. */
export function accessOf(secrets: Secrets, body: z.infer<typeof mirrorInput>, before: MirrorRow | null): TargetAccess {
  const known = before && isSameServer(mirrorTarget.parse(before.target), body.target) ? openSecret(secrets, before) : null;
  const password = body.password ?? known?.password;
  if (password === undefined) throw new HoldfastError('request.invalid', { detail: 'Give the password of this user.', path: 'password' });
  return {
    ...body.target,
    password,
    certificates: body.certificates === undefined ? (known?.certificates ?? null) : body.certificates.trim() || null,
    certificatesPassword:
      body.certificatesPassword === undefined ? (known?.certificatesPassword ?? null) : body.certificatesPassword || null,
  };
}

/** Without encryption a password may travel in the clear: that is another way too. */
const isSameServer = (one: TargetSettings, other: TargetSettings): boolean =>
  one.kind === other.kind && one.host === other.host && one.port === other.port && one.user === other.user && one.tls === other.tls;
type TargetSettings = z.infer<typeof mirrorTarget>;

/** Other tables than before. */
export const isElsewhere = (one: TargetSettings, other: TargetSettings): boolean =>
  one.kind !== other.kind ||
  one.host !== other.host ||
  one.port !== other.port ||
  one.database !== other.database ||
  one.schema !== other.schema ||
  (one.kind === 'oracle' && one.user !== other.user);

export const sealAccess = (secrets: Secrets, { password, certificates, certificatesPassword }: TargetAccess) =>
  secrets.seal(JSON.stringify({ password, certificates, certificatesPassword } satisfies MirrorSecret));
