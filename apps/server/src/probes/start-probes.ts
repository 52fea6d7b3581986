import { insertAlert, markTold, newId, notifyLive, saveProbe, takeDueProbes, transaction, type Pool } from '@holdfast/db';
import { repeat } from '@holdfast/runs';
import type { Logger } from 'pino';
import type { Tried } from './test-credential.ts';

export interface WatchDeps {
  pool: Pool;
  logger: Pick<Logger, 'warn'>;
  /** One harmless call; never throws. */
  probe: (workspaceId: string, id: string) => Promise<Tried>;
}

const lookEveryMs = 10_000;
const firstLookMs = 5_000;
const atOnce = 4;
/** One failure may be a moment's; people hear of the second in a row. */
const tellsAfter = 2;

/** Tries every connection again and again, each once however many processes look. */
export const startProbes = (deps: WatchDeps): { stop: () => Promise<void> } =>
  repeat(
    lookEveryMs,
    () => probeDue(deps).catch((error: unknown) => deps.logger.warn({ err: error }, 'Connections could not be tried and will be again')),
    firstLookMs,
  );

/** Those that are due now. */
export async function probeDue(deps: WatchDeps): Promise<void> {
  for (;;) {
    const due = await takeDueProbes(deps.pool, atOnce);
    await Promise.all(
      due.map(async ({ workspaceId, id }) => noteProbe(deps.pool, { workspaceId, id, tried: await deps.probe(workspaceId, id) })),
    );
    if (due.length < atOnce) return;
  }
}

/** What came of a try, for the page; and for people, when it fails the second time or works again. */
export async function noteProbe(pool: Pool, { workspaceId, id, tried }: { workspaceId: string; id: string; tried: Tried }): Promise<void> {
  if (tried.state === 'later' || tried.state === 'nothing') return;
  await transaction(pool, async (client) => {
    const isOk = tried.state === 'ok';
    const found = await saveProbe(client, { id, isOk, detail: String(tried.detail) });
    if (!found) return;
    const tell = (title: string, detail: string) =>
      insertAlert(client, {
        id: newId('alert'),
        workspaceId,
        event: 'credential.broken',
        subject: id,
        title,
        detail,
        link: '/connections',
      });
    if (isOk && found.toldAt) {
      await tell(`"${found.name}" works again`, `${String(tried.detail)} Runs that stopped meanwhile can be retried together under Runs.`);
      await markTold(client, { id, isTold: false });
    }
    if (isOk || found.toldAt || found.failures < tellsAfter) return;
    // Who renewed its access has told people that it needs them.
    if (found.state === 'ready')
      await tell(`"${found.name}" does not work`, `${String(tried.detail)} It failed ${found.failures} times in a row. ${usesOf(found)}`);
    await markTold(client, { id, isTold: true });
  });
  notifyLive(pool, workspaceId, { kind: 'settings' });
}

function usesOf({ usedBy, openRuns }: { usedBy: string[]; openRuns: number }): string {
  if (usedBy.length === 0) return 'No live flow uses it.';
  const flows = usedBy.map((name) => `"${name}"`).join(', ');
  const runs = openRuns === 0 ? '' : ` ${openRuns} open ${openRuns === 1 ? 'run' : 'runs'} may need it.`;
  return `Used by ${flows}.${runs}`;
}
