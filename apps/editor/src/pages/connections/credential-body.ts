import { credentialType, waysOf, type CredentialKind } from '@holdfast/contracts';
import { wayBody, type WayValues } from '../../parts/way-values.ts';
import { fieldsOf } from './credential-fields.ts';

export interface CredentialValues extends Record<string, unknown> {
  name: string;
  kind: CredentialKind;
  baseUrl: string;
  allowedHosts: string[];
  settings: Record<string, string>;
  secret: Record<string, string>;
  via: WayValues;
}

/** What the form says, as the API wants it. An untouched secret of a stored credential is left out, which keeps the old one. */
export function credentialBody({ name, kind, baseUrl, allowedHosts, settings, secret, via }: CredentialValues, isNew: boolean) {
  const filled = (part: 'settings' | 'secret', values: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      fieldsOf(kind, settings)
        .filter((field) => field.part === part)
        .map((field): [string, string] => [field.name, (values[field.name] ?? '').trim()])
        .filter(([, value]) => value !== ''),
    );
  const entered = filled('secret', secret);
  const isSystem = credentialType(kind).group === 'system';
  return {
    name: name.trim(),
    kind,
    baseUrl: baseUrl.trim() === '' ? null : baseUrl.trim(),
    allowedHosts: isSystem ? [] : allowedHosts.map((host) => host.trim()).filter((host) => host !== ''),
    settings: filled('settings', settings),
    ...(waysOf(kind).length > 0 ? { via: wayBody(via) } : {}),
    ...(isNew || Object.keys(entered).length > 0 ? { secret: entered } : {}),
  };
}
