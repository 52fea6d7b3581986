import { insertAlertOnce, newId, type Pool } from '@holdfast/db';
import type { HoldfastError } from '@holdfast/errors';
import type { BreakerNews } from './breaker.ts';
import { providerNamed, type Provider } from './provider-of.ts';

const minutes = (ms: number): string =>
  ms < 90_000 ? `${Math.max(1, Math.round(ms / 1_000))} seconds` : `${Math.round(ms / 60_000)} minutes`;

/** People hear that a provider is down and that it is back; at most once an hour each, and never at the cost of a call. */
export function tellPeople(pool: Pool): BreakerNews {
  const tell = async ({ workspaceId, key }: Provider, title: string, detail: string): Promise<void> => {
    await insertAlertOnce(pool, {
      id: newId('alert'),
      workspaceId,
      event: 'provider.down',
      subject: key,
      title,
      detail,
      link: '/providers',
    }).catch(() => undefined);
  };
  return {
    opened: (provider, { ok, failed }) =>
      tell(
        provider,
        `${provider.name} is down`,
        `${failed} of the last ${ok + failed} calls failed, so it is left alone and tried again every now and then. Runs that need it wait; steps with a fallback use that.`,
      ),
    closed: (provider, openedAt) =>
      tell(
        provider,
        `${provider.name} is back`,
        `It answers again after ${minutes(Date.now() - openedAt.getTime())}. What waited for it goes on in order.`,
      ),
  };
}

interface Kept {
  workspaceId: string;
  key: string;
  what: string;
}

/** Nobody but a person can say what is to become of it. At most once an hour for a provider. */
export const tellOfKept = (pool: Pool, { workspaceId, key, what }: Kept, error: HoldfastError): Promise<void> =>
  alertOf(
    pool,
    { workspaceId, key },
    {
      subject: `${key} kept`,
      title: `A kept call to ${providerNamed(workspaceId, key).name} needs a person`,
      detail: `${what}: ${error.detail}`,
    },
  );

export const tellOfWaiting = (pool: Pool, { workspaceId, key, what }: Kept, error: HoldfastError): Promise<void> =>
  alertOf(
    pool,
    { workspaceId, key },
    {
      subject: `${key} waits`,
      title: `Kept calls to ${providerNamed(workspaceId, key).name} have waited for a quarter of an hour`,
      detail: `The first one is ${what}: ${error.detail} Those behind it keep their order; it can be discarded.`,
    },
  );

async function alertOf(
  pool: Pool,
  { workspaceId }: Pick<Kept, 'workspaceId' | 'key'>,
  told: { subject: string; title: string; detail: string },
): Promise<void> {
  await insertAlertOnce(pool, { id: newId('alert'), workspaceId, event: 'provider.down', link: '/providers', ...told }).catch(
    () => undefined,
  );
}
