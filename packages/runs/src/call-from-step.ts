import { HoldfastError } from '@holdfast/errors';
import type { DatabaseRequest, EgressRequest, EgressResponse } from '@holdfast/node-kit';
import { ungated, type Admission } from '@holdfast/providers';
import { callOnce } from './call-ledger.ts';
import { performed } from './database-call.ts';
import { isDatabaseTrouble } from './database-trouble.ts';
import { Later } from './errors.ts';
import { faultOf, pretendCall, type Fault } from './pretend-fault.ts';
import { isPutOff } from './put-off.ts';
import type { RunSession } from './run-session.ts';
import type { StepAttempt } from './step-attempt.ts';

/** Whether it may be repeated is decided. */
type DecidedRequest = EgressRequest & { isIdempotent: boolean; database?: DatabaseRequest };
type Answered = Extract<Admission, { state: 'answered' }>;

/** What staff chose in the simulator for this step's calls, told with the step. */
export function pretending(session: Pick<RunSession, 'run'>, { step, facts }: Pick<StepAttempt, 'step' | 'facts'>): Fault | null {
  const fault = faultOf(session, step.node);
  if (fault !== null) facts['pretended'] = fault;
  return fault;
}

/**
 * A repeatable call may go out before "started" is on disk; the journal catches up beside it. In the express lane it does so only when the call
 * takes long: a run that its process takes along goes on in Temporal's, where every beginning is counted.
 */
export async function requestFreely(session: RunSession, attempt: StepAttempt, request: DecidedRequest): Promise<EgressResponse> {
  if (session.express && !session.journal.isSettling) session.journal.flushSoon();
  else flushBeside(session);
  const admitted = await admit(session, attempt, request);
  return admitted.state === 'answered' ? admitted.response : admitted.send();
}

/** Whether there is room is asked before the ledger: what was put off was never dispatched. */
export async function requestOnce(session: RunSession, attempt: StepAttempt, request: DecidedRequest): Promise<EgressResponse> {
  const once = (perform: () => Promise<EgressResponse>) =>
    callOnce(session, { stepId: attempt.step.step, attempt: attempt.attempt, request, perform });
  const admitted = await admit(session, attempt, request).catch(async (error: unknown): Promise<Answered> => {
    if (!request.hasFallback || !(error instanceof HoldfastError) || error.code === 'database.unavailable') throw error;
    // Something else may be called in its place. So the ledger is asked whether an earlier try of it went out, and told that this one did not.
    return { state: 'answered', response: await once(() => Promise.reject(error)) };
  });
  if (admitted.state === 'answered') return admitted.response;
  let isSent = false;
  const perform = async () => {
    const part = request.part ?? '';
    isSent = true;
    attempt.open.add(part);
    try {
      const response = await admitted.send();
      attempt.open.delete(part);
      return response;
    } catch (error) {
      if (error instanceof HoldfastError && error.code !== 'upstream.ambiguous') attempt.open.delete(part);
      throw error;
    }
  };
  try {
    return await once(perform);
  } finally {
    if (!isSent) await admitted.giveUp();
  }
}

/** A failure here comes up again at the next boundary, where it is dealt with. */
export function flushBeside(session: RunSession): void {
  session.journal.flush().catch(() => undefined);
}

/** Room at the provider. Throws `Later` when there is none now. */
async function admit(
  { deps, run }: RunSession,
  { step, signal, facts, goesWith, idle = (wait) => wait() }: StepAttempt,
  request: DecidedRequest,
): Promise<Exclude<Admission, { state: 'later' }>> {
  // What was kept of an earlier answer is read, not called.
  const pretended = request.cache?.use === 'stale' ? null : pretending({ run }, { step, facts });
  if (pretended) return { state: 'go', send: () => pretendCall(pretended, request, signal), giveUp: async () => undefined };
  const caller = {
    runId: run.id,
    stepId: step.step,
    wasHeld: isPutOff(step),
    turn: run.startedAt,
    isUnderWay: step.failure !== undefined,
    ...(goesWith === undefined ? {} : { goesWith }),
  };
  try {
    const credential = request.credential ? await deps.openCredential(run.workspaceId, request.credential) : undefined;
    const gate = deps.providers ?? ungated(deps.egress);
    const perform = performed(request, { deps, workspaceId: run.workspaceId, credential, signal });
    const admitted = await idle(() => gate.admit({ workspaceId: run.workspaceId, request, credential, caller, signal, ...perform }));
    if (admitted.state === 'later') throw new Later(admitted);
    return admitted;
  } catch (error) {
    // Our own database is no failure of the step's: no attempt is counted.
    if (error instanceof HoldfastError || !isDatabaseTrouble(error)) throw error;
    throw new HoldfastError('database.unavailable', { detail: 'The database did not answer. Nothing was sent.', cause: error });
  }
}
