import type { Credential } from '@holdfast/contracts';
import { IconApi, IconBrain, IconKey, IconLock, IconServer, type Icon } from '@tabler/icons-react';

export type CredentialKind = Credential['kind'];
export type SecretField = 'token' | 'username' | 'password' | 'name' | 'value' | 'apiKey';

interface KindFacts {
  icon: Icon;
  group: 'model' | 'service';
  /** What its secret is made of; these names are what the callers ask for. */
  fields: readonly { name: SecretField; isSecret: boolean; isOptional?: boolean }[];
  /** Whether an address belongs to it: needed, possible, or meaningless. */
  baseUrl: 'needed' | 'possible';
}

export const credentialKinds: Record<CredentialKind, KindFacts> = {
  claude: { icon: IconBrain, group: 'model', fields: [{ name: 'apiKey', isSecret: true }], baseUrl: 'possible' },
  groq: { icon: IconBrain, group: 'model', fields: [{ name: 'apiKey', isSecret: true }], baseUrl: 'possible' },
  'openai-compatible': {
    icon: IconServer,
    group: 'model',
    fields: [{ name: 'apiKey', isSecret: true, isOptional: true }],
    baseUrl: 'needed',
  },
  bearer: { icon: IconKey, group: 'service', fields: [{ name: 'token', isSecret: true }], baseUrl: 'possible' },
  basic: {
    icon: IconLock,
    group: 'service',
    fields: [
      { name: 'username', isSecret: false },
      { name: 'password', isSecret: true },
    ],
    baseUrl: 'possible',
  },
  header: {
    icon: IconApi,
    group: 'service',
    fields: [
      { name: 'name', isSecret: false },
      { name: 'value', isSecret: true },
    ],
    baseUrl: 'possible',
  },
};

export const kindNames: readonly CredentialKind[] = ['claude', 'groq', 'openai-compatible', 'bearer', 'basic', 'header'];
