import type { z } from 'zod';
import type { Probe } from './probe-calls.ts';

/** How an access token is got for a credential: by a person's consent, by the application itself, or by a signed statement. */
export interface TokenGrant {
  way: 'code' | 'client' | 'statement';
  /** Where a person is sent to agree; only for `code`. */
  authorizeUrl: string;
  tokenUrl: string;
  /** Separated by spaces. */
  scopes: string;
  clientId: string;
  /** The application names itself in the Authorization header, or in the body. */
  clientAuth: 'header' | 'body';
  /** Further parameters of the address where a person agrees. */
  extra: Readonly<Record<string, string>>;
}

/** What is known of a credential beside its secret. */
export interface CredentialFacts {
  settings: Readonly<Record<string, string>>;
  /** What it turned out to be connected to: `realmId`, `email`. */
  account: Readonly<Record<string, string>>;
  /** An address that an administrator set, instead of the real one. */
  baseUrl: string | null;
}

export interface CredentialType<Settings extends z.ZodObject = z.ZodObject, Secret extends z.ZodObject = z.ZodObject> {
  /** `caller`: it is compared with what others send, and never sent anywhere. */
  group: 'model' | 'service' | 'system' | 'caller';
  /** Whether an address of its own belongs to it. */
  baseUrl: 'needed' | 'possible' | 'none';
  /** Shown again to whoever may manage it. */
  settings: Settings;
  /** Written once, never shown. */
  secret: Secret;
  /** Where calls with a path alone go; null: the base URL alone. */
  apiUrl?: (facts: CredentialFacts) => string | null;
  /** What its limits and pauses belong to. */
  provider?: (facts: CredentialFacts, id: string) => string;
  grant?: (facts: CredentialFacts) => TokenGrant | null;
  /** What is tried by the button, and again and again by itself. */
  probe: Probe;
}
/** Keeps the exact types of one kind. */
export const define = <Settings extends z.ZodObject, Secret extends z.ZodObject>(given: CredentialType<Settings, Secret>) => given;
