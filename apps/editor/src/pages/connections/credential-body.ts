import { credentialKinds, type CredentialKind, type SecretField } from './credential-fields.ts';

export interface CredentialValues extends Record<string, unknown> {
  name: string;
  kind: CredentialKind;
  baseUrl: string;
  allowedHosts: string[];
  secret: Record<SecretField, string>;
}

export const noSecret: CredentialValues['secret'] = { token: '', username: '', password: '', name: '', value: '', apiKey: '' };

/** What the form says, as the API wants it. An untouched secret is left out, which keeps the old one. */
export function credentialBody({ name, kind, baseUrl, allowedHosts, secret }: CredentialValues) {
  const filled = credentialKinds[kind].fields
    .map((field) => [field.name, secret[field.name].trim()] as const)
    .filter(([, value]) => value !== '');
  return {
    name: name.trim(),
    kind,
    baseUrl: baseUrl.trim() === '' ? null : baseUrl.trim(),
    allowedHosts: allowedHosts.map((host) => host.trim()).filter((host) => host !== ''),
    ...(filled.length > 0 ? { secret: Object.fromEntries(filled) } : {}),
  };
}

/** Fields that still need an entry: all of a new one, none of a kept one, but never half of a new secret. */
export function missingSecrets({ kind, secret }: Pick<CredentialValues, 'kind' | 'secret'>, isNew: boolean): SecretField[] {
  const { fields } = credentialKinds[kind];
  const isTouched = fields.some(({ name }) => secret[name].trim() !== '');
  if (!isNew && !isTouched) return [];
  return fields.filter(({ name, isOptional }) => !isOptional && secret[name].trim() === '').map(({ name }) => name);
}
