import { backups } from './backups.ts';
import { channels } from './channels.ts';
import { configuration } from './configuration.ts';
import { contacts } from './contacts.ts';
import { credentials } from './credentials.ts';
import { flows } from './flows.ts';
import { mirror } from './mirror.ts';
import { providers } from './providers.ts';
import { repairs } from './repairs.ts';
import { runs } from './runs.ts';
import { services } from './services.ts';
import { store } from './store.ts';
import { system } from './system.ts';
import { talk } from './talk.ts';
import { triggers } from './triggers.ts';
import { ways } from './ways.ts';
import { webhooks } from './webhooks.ts';

/** Every call of the API by name. The router, the editor's client, OpenAPI and the permission test walk this table. */
export const endpoints = {
  ...system,
  ...flows,
  ...runs,
  ...repairs,
  ...talk,
  ...channels,
  ...contacts,
  ...credentials,
  ...configuration,
  ...backups,
  ...mirror,
  ...store,
  ...providers,
  ...webhooks,
  ...triggers,
  ...ways,
  ...services,
};
export type Endpoints = typeof endpoints;

export * from './backups.ts';
export * from './channels.ts';
export * from './configuration.ts';
export * from './contacts.ts';
export * from './credential-input.ts';
export type { CredentialFacts, TokenGrant } from './credential-type.ts';
export * from './credential-types.ts';
export * from './credentials.ts';
export * from './endpoint.ts';
export * from './flows.ts';
export * from './mirror.ts';
export * from './permissions.ts';
export type * from './probe-calls.ts';
export * from './providers.ts';
export * from './repairs.ts';
export * from './runs.ts';
export * from './services.ts';
export * from './shared.ts';
export * from './store.ts';
export * from './system.ts';
export * from './talk.ts';
export * from './triggers.ts';
export * from './ways.ts';
export * from './webhooks.ts';
