import { insertAlertOnce, newId, type Pool } from '@holdfast/db';
import type { HoldfastError } from '@holdfast/errors';
import type { BreakerNews } from './breaker.ts';
import { providerNamed, type Provider } from './provider-of.ts';

const minutes = (ms: number): string =>
  ms < 90_000 ? `${Math.max(1, Math.round(ms / 1_000))} seconds` : `${Math.round(ms / 60_000)} minutes`;

/** Of a channel, people know the messages, and look after it on its own page. */
const asCalls = {
  down: (name: string) => `${name} is down`,
  downMeans: (failed: number, of: number) =>
    `${failed} of the last ${of} calls failed, so it is left alone and tried again every now and then. Runs that need it wait; steps with a fallback use that.`,
  back: (name: string) => `${name} is back`,
  backMeans: (time: string) => `It answers again after ${time}. What waited for it goes on in order.`,
  linkTo: (_key: string) => '/providers',
};
const asMessages: typeof asCalls = {
  down: (name) => `Messages by "${name}" don’t go out`,
  downMeans: (failed, of) =>
    `Its provider failed ${failed} of the last ${of} times, so it is left alone, and one message tries it again every now and then. The others wait in their order; nothing is lost. What a person writes is tried all the same.`,
  back: (name) => `Messages by "${name}" go out again`,
  backMeans: (time) => `Its provider takes them again after ${time}. What waited goes out in order.`,
  linkTo: (key) => `/channels/${key.slice(key.indexOf(':') + 1)}`,
};

/** People hear that a provider is down and that it is back; at most once an hour each, and never at the cost of a call. */
export function tellPeople(pool: Pool): BreakerNews {
  const wordsFor = ({ kind }: Provider) => (kind === 'channel' ? asMessages : asCalls);
  const tell = async (provider: Provider, title: string, detail: string): Promise<void> => {
    const { workspaceId, key } = provider;
    const link = wordsFor(provider).linkTo(key);
    await insertAlertOnce(pool, { id: newId('alert'), workspaceId, event: 'provider.down', subject: key, title, detail, link }).catch(
      () => undefined,
    );
  };
  return {
    opened: (provider, { ok, failed }) => {
      const { down, downMeans } = wordsFor(provider);
      return tell(provider, down(provider.name), downMeans(failed, ok + failed));
    },
    closed: (provider, openedAt) => {
      const { back, backMeans } = wordsFor(provider);
      return tell(provider, back(provider.name), backMeans(minutes(Date.now() - openedAt.getTime())));
    },
  };
}

interface Kept {
  workspaceId: string;
  key: string;
  what: string;
  /** So many wait only because this one does not go. */
  behind: number;
}

const behindIt = (count: number): string =>
  count === 0 ? '' : count === 1 ? ' One more waits behind it.' : ` ${count} more wait behind it.`;
const acts = 'Under Providers, “What waits”: put right what is wrong and have it sent again, say that it arrived, or discard it.';

/** Nobody but a person can say what is to become of it. At most once an hour for a provider. */
export const tellOfKept = (pool: Pool, kept: Kept, error: HoldfastError): Promise<void> =>
  alertOf(pool, kept, {
    subject: `${kept.key} kept`,
    title: `A kept call to ${nameOf(kept)} needs a person`,
    detail: `${kept.what}: ${error.detail}${behindIt(kept.behind)} ${acts}`,
  });

/** The first of a line has failed for so long that people must look; again every hour. */
export const tellOfWaiting = (pool: Pool, kept: Kept & { attempts: number }, error: HoldfastError): Promise<void> =>
  alertOf(pool, kept, {
    subject: `${kept.key} waits`,
    title: `Kept calls to ${nameOf(kept)} have waited for a quarter of an hour`,
    detail: `The first one is ${kept.what}, tried ${kept.attempts === 1 ? 'once' : `${kept.attempts} times`}: ${error.detail}${behindIt(kept.behind)} It is tried again every two minutes; if only this call is wrong, discard it under Providers, “What waits”, and the others go.`,
  });

/** Nothing of a line can go, since nobody has looked at the one in front; again every hour. */
export const tellOfBlocked = (pool: Pool, kept: Kept & { detail: string }): Promise<void> =>
  alertOf(pool, kept, {
    subject: `${kept.key} kept`,
    title: `Kept calls to ${nameOf(kept)} still wait for a person`,
    detail: `${kept.what}: ${kept.detail}${behindIt(kept.behind)} ${acts}`,
  });

const nameOf = ({ workspaceId, key }: Kept): string => providerNamed(workspaceId, key).name;

async function alertOf(pool: Pool, { workspaceId, key }: Kept, told: { subject: string; title: string; detail: string }): Promise<void> {
  const link = `/providers?queue=${encodeURIComponent(key)}`;
  await insertAlertOnce(pool, { id: newId('alert'), workspaceId, event: 'provider.down', link, ...told }).catch(() => undefined);
}
