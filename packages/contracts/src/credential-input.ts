import { z } from 'zod';
import { credentialKinds, credentialType, waysOf, type CredentialKind } from './credential-types.ts';
import { wayInput, type WayInput } from './ways.ts';

const common = {
  name: z.string().min(1).max(120),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'Write the whole address, starting with https://' })
    .max(500)
    .nullable()
    .optional(),
  allowedHosts: z.array(z.string().max(253)).max(50).optional(),
  via: wayInput.nullable().optional(),
};

function variant(kind: CredentialKind) {
  const { settings, secret } = credentialType(kind);
  // Kinds without settings may leave them out.
  return z.strictObject({
    ...common,
    kind: z.literal(kind),
    settings: Object.keys(settings.shape).length === 0 ? settings.default({}) : settings,
    secret,
  });
}
const changedVariant = (kind: CredentialKind) => variant(kind).extend({ secret: credentialType(kind).secret.optional() });
const [first, ...others] = credentialKinds;

/** A new credential: what each kind asks for. */
export const newCredential = z.discriminatedUnion('kind', [variant(first), ...others.map(variant)]).superRefine(checkTogether);
/** A change of one; the stored secret stays when it is left out. */
export const changedCredential = z
  .discriminatedUnion('kind', [changedVariant(first), ...others.map(changedVariant)])
  .superRefine(checkTogether);

interface Given {
  kind: CredentialKind;
  via?: WayInput | null | undefined;
  settings: Record<string, unknown>;
  secret?: Record<string, unknown> | undefined;
}

/** What a kind needs only in one of its ways. */
function checkTogether(given: Given, context: z.RefinementCtx): void {
  const { kind, settings, secret } = given;
  const miss = (...path: string[]) => context.addIssue({ code: 'too_small', minimum: 1, origin: 'string', path, input: given });
  if (kind === 'oauth2' && settings['grant'] === 'code' && !settings['authorizeUrl']) miss('settings', 'authorizeUrl');
  if (kind === 'oauth2' && settings['grant'] === 'client' && secret && !secret['clientSecret']) miss('secret', 'clientSecret');
  const { via } = given;
  if (via && !waysOf(kind).includes(via.kind))
    context.addIssue({ code: 'custom', path: ['via'], message: 'This kind makes no calls, so it has no way of its own', input: given });
  if (kind !== 'shopify') return;
  const isApp = settings['access'] === 'app';
  if (isApp && !settings['clientId']) miss('settings', 'clientId');
  const wanted = isApp ? 'clientSecret' : 'accessToken';
  if (secret && !secret[wanted]) miss('secret', wanted);
}
