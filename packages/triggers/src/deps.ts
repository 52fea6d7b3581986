import type { EffectContext } from '@holdfast/node-kit';
import type { RunsDeps } from '@holdfast/runs';

export interface Sealed {
  secret: Buffer;
  keyId: string;
}

export interface TriggerDeps {
  runs: RunsDeps;
  /** Calls in a workspace's name, within the limits of whom is called. */
  egressFor: (workspaceId: string) => EffectContext['egress'];
  /** This process's id in `leases`. */
  process: string;
  /** HOLDFAST_PUBLIC_URL, without a slash at the end. */
  publicUrl: string | null;
  openSecret: (sealed: Sealed) => string;
  now: () => Date;
  pace: Pace;
}

export interface Pace {
  /** How often it is looked whether something is due. */
  lookEveryMs: number;
  /** How often a connection's subscriptions are looked after, give or take a fifth. */
  checkEveryMs: number;
  /** What is younger than this is not read: its message may be on its way. */
  settleMs: number;
  /** Rows of a sheet that may start runs in one look; the others do in the next. */
  rowsPerLook: number;
  /** Rows that are read by one call. */
  rowsPerRead: number;
  /** As many changes QuickBooks tells at once, and no more when it is asked again. */
  changesAtOnce: number;
  random: () => number;
}

export const usualPace: Pace = {
  lookEveryMs: 2_000,
  checkEveryMs: 300_000,
  settleMs: 60_000,
  rowsPerLook: 100,
  rowsPerRead: 2_000,
  changesAtOnce: 1_000,
  random: Math.random,
};

/** The address that a connected system calls. */
export const hookAddress = (publicUrl: string, credentialId: string): string => `${publicUrl}/hooks/credentials/${credentialId}`;
