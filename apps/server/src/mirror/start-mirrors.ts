import { setTimeout as pause } from 'node:timers/promises';
import {
  ensureMirrorState,
  failMirror,
  forgetUnrecordedChanges,
  insertAlert,
  listDueMirrors,
  loadMirror,
  newId,
  noteMirrorAlert,
  stopOverlongMirrors,
  type MirrorClaim,
  type Pool,
} from '@holdfast/db';
import { asHoldfastError, toProblem } from '@holdfast/errors';
import { openTarget, syncMirror, type MirrorTarget, type TargetAccess, type Vet } from '@holdfast/mirror';
import { repeat } from '@holdfast/runs';
import type { Secrets } from '@holdfast/secrets';
import type { Logger } from 'pino';
import { openAccess } from './mirror-access.ts';

export interface MirrorDeps {
  pool: Pool;
  secrets: Secrets;
  /** Egress's: what a mirror may reach is what flows may reach. */
  vet: Vet;
  /** This process's id in `leases`. */
  process: string;
  logger: Pick<Logger, 'info' | 'error' | 'warn'>;
}

export interface Mirrors {
  /** Opens a session and looks whether the mirror could be kept there. Answers what answered, for people; throws mirror.target and others. */
  test: (access: TargetAccess) => Promise<string>;
  stop: () => Promise<void>;
}

const lookEveryMs = 2_000;
const tidyEveryMs = 60_000;
const mostAtOnce = 4;
const patienceMs = 5_000;
const firstRetrySeconds = 5;
const mostRetrySeconds = 600;
/** A restart of the other database is no reason to call anybody. */
const alertAfterSeconds = 900;
const mostChanges = 1_000_000;
const tidyRows = 10_000;

/** Keeps every workspace's mirror going: of all processes that look, one is at each. */
export function startMirrors(deps: MirrorDeps): Mirrors {
  let isStopping = false;
  /** A long copy keeps no other mirror waiting. */
  const underway = new Map<string, Promise<void>>();
  const look = async () => {
    for (const workspaceId of await listDueMirrors(deps.pool)) {
      if (isStopping || underway.size >= mostAtOnce) return;
      if (underway.has(workspaceId)) continue;
      const turn = takeTurn(deps, workspaceId, () => isStopping)
        .catch(noteTrouble)
        .finally(() => underway.delete(workspaceId));
      underway.set(workspaceId, turn);
    }
  };
  const tidy = async () => {
    for (const workspaceId of await stopOverlongMirrors(deps.pool, mostChanges))
      deps.logger.warn({ workspaceId }, 'A mirror fell too far behind; everything is copied anew once its database is back');
    while (!isStopping && (await forgetUnrecordedChanges(deps.pool, tidyRows)) > 0);
  };
  const noteTrouble = (error: unknown) => deps.logger.error({ err: error }, 'Mirrors could not be looked at and will be again');
  const rounds = [repeat(lookEveryMs, () => look().catch(noteTrouble)), repeat(tidyEveryMs, () => tidy().catch(noteTrouble))];
  return {
    test: async (access) => withTarget(await openTarget(access, deps.vet), (target) => target.check()),
    stop: async () => {
      isStopping = true;
      await Promise.all(rounds.map((round) => round.stop()));
      // A batch that hangs over there may be cut anywhere; nothing else waits for it.
      await Promise.race([Promise.all(underway.values()), pause(patienceMs, undefined, { ref: false })]);
    },
  };
}

async function withTarget<T>(target: MirrorTarget, work: (target: MirrorTarget) => Promise<T>): Promise<T> {
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

async function takeTurn(deps: MirrorDeps, workspaceId: string, isStopping: () => boolean): Promise<void> {
  const mirror = await loadMirror(deps.pool, workspaceId);
  if (!mirror) return;
  await ensureMirrorState(deps.pool, workspaceId, newId('mirror'));
  let claim: MirrorClaim | null = null;
  try {
    await syncMirror(
      {
        pool: deps.pool,
        open: () => openTarget(openAccess(deps.secrets, mirror), deps.vet),
        everySeconds: mirror.everySeconds,
        isStopping,
      },
      { workspaceId, owner: deps.process, onClaim: (mine) => (claim = mine) },
    );
  } catch (error) {
    await noteFailure(deps, claim, error);
  }
}

async function noteFailure(deps: MirrorDeps, claim: MirrorClaim | null, thrown: unknown): Promise<void> {
  const error = asHoldfastError(thrown, 'mirror.target');
  deps.logger.error(
    { workspaceId: claim?.workspaceId, code: error.code, detail: error.detail },
    'A mirror could not be brought up to date',
  );
  if (!claim) return;
  const failed = await failMirror(deps.pool, claim, {
    problem: { ...toProblem(error) },
    firstSeconds: firstRetrySeconds,
    mostSeconds: mostRetrySeconds,
  });
  if (!failed || failed.wasTold || failed.failingSeconds < alertAfterSeconds) return;
  if (!(await noteMirrorAlert(deps.pool, claim.workspaceId))) return;
  await insertAlert(deps.pool, {
    id: newId('alert'),
    workspaceId: claim.workspaceId,
    event: 'mirror.behind',
    subject: claim.workspaceId,
    title: 'The mirror has fallen behind',
    detail: `${error.detail} It is tried again every ten minutes; nothing is lost here.`,
    link: '/settings/mirror',
  });
}
