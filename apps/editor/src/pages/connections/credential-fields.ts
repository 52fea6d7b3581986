import { credentialType, type CredentialKind } from '@holdfast/contracts';
import {
  IconApi,
  IconBrain,
  IconBrandGoogle,
  IconBucket,
  IconBuildingStore,
  IconDatabase,
  IconFileTypeXml,
  IconKey,
  IconLock,
  IconReceipt2,
  IconServer,
  IconShieldCheck,
  IconSignature,
  IconTable,
  type Icon,
} from '@tabler/icons-react';
import { z } from 'zod';

export const credentialIcons: Record<CredentialKind, Icon> = {
  google: IconBrandGoogle,
  'google-service-account': IconTable,
  shopify: IconBuildingStore,
  quickbooks: IconReceipt2,
  postgresql: IconDatabase,
  oracle: IconDatabase,
  claude: IconBrain,
  groq: IconBrain,
  'openai-compatible': IconServer,
  s3: IconBucket,
  oauth2: IconShieldCheck,
  bearer: IconKey,
  basic: IconLock,
  header: IconApi,
  query: IconApi,
  hmac: IconSignature,
  'soap-username': IconFileTypeXml,
  signing: IconSignature,
};

/** Kinds that an address of their own can belong to. */
export const hasAddress = (kind: CredentialKind): kind is Exclude<CredentialKind, 'signing' | 'postgresql' | 'oracle'> =>
  credentialType(kind).baseUrl !== 'none';

export const credentialGroups = ['system', 'model', 'service', 'caller'] as const;

export interface CredentialField {
  part: 'settings' | 'secret';
  name: string;
  isOptional: boolean;
  /** Typed in the open, though it is written once: a user name is no password. */
  isOpen: boolean;
  /** The values of a choice. */
  choices: readonly string[] | null;
}

/** Fields that belong to one way of several. */
const belongsTo: Readonly<Record<string, { setting: string; is: string }>> = {
  'shopify.clientId': { setting: 'access', is: 'app' },
  'shopify.clientSecret': { setting: 'access', is: 'app' },
  'shopify.accessToken': { setting: 'access', is: 'token' },
  'oauth2.authorizeUrl': { setting: 'grant', is: 'code' },
};
const openNames = new Set(['username', 'name']);

/** The fields of a kind, out of the schema that checks them. */
export function fieldsOf(kind: CredentialKind, settings: Readonly<Record<string, string>>): CredentialField[] {
  const type = credentialType(kind);
  const read = (part: CredentialField['part']): CredentialField[] =>
    Object.entries(type[part].shape).map(([name, schema]) => {
      const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
      return {
        part,
        name,
        isOptional: schema instanceof z.ZodOptional && belongsTo[`${kind}.${name}`] === undefined,
        isOpen: part === 'settings' || openNames.has(name),
        choices: inner instanceof z.ZodEnum ? inner.options.map(String) : null,
      };
    });
  return [...read('settings'), ...read('secret')].filter(({ name }) => {
    const condition = belongsTo[`${kind}.${name}`];
    return condition === undefined || settings[condition.setting] === condition.is;
  });
}

/** What a new credential begins with: the first of every choice. */
export const settingsOf = (kind: CredentialKind): Record<string, string> =>
  Object.fromEntries(
    Object.entries(credentialType(kind).settings.shape).map(([name, schema]) => [
      name,
      schema instanceof z.ZodEnum ? String(schema.options[0] ?? '') : '',
    ]),
  );
