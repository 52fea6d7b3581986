import { insertAgentCall, loadAgentCall, loadAgentStanding, newId, takeBackAgentCall, type AgentStanding, type Pool } from '@holdfast/db';
import { acceptsHost, outcome, type Carried, type Carry, type Outcome } from '@holdfast/egress';
import { HoldfastError, say, type Words } from '@holdfast/errors';
import type { Secrets } from '@holdfast/secrets';
import { createWakeUps, tell, type WakeUps } from './wake-ups.ts';

interface LineDeps {
  pool: Pool;
  secrets: Pick<Secrets, 'seal' | 'open'>;
  /** Between two looks at a call of which nothing is heard. */
  lookEveryMs?: number;
}

export interface AgentLine {
  carry: Carry;
  close: () => Promise<void>;
}

type Standing = Pick<AgentStanding, 'name' | 'isHeard' | 'seenAt'>;
type Ended = { answer: Buffer | null; answerKeyId: string | null };

/**
 * Has agents make calls: a sealed row for each, which an agent's server process leases to it. The row is there as long as its caller waits; whoever takes it back
 * learns whether an agent had it. A call that an agent had and did not end in time may have been made: it is never given to another one.
 */
export function createAgentLine({ pool, secrets, lookEveryMs = 2_000 }: LineDeps): AgentLine {
  const ends = createWakeUps(pool, 'ends');
  const open = ({ answer, answerKeyId }: Ended): Outcome => {
    try {
      if (answer && answerKeyId !== null) return outcome.parse(JSON.parse(secrets.open({ secret: answer, keyId: answerKeyId })));
    } catch {
      // It was made, and what came of it can't be read.
    }
    return { state: 'unknown' };
  };
  const carry: Carry = async (carried) => {
    const agent = await findAgent(pool, carried);
    const args = { workspaceId: carried.agent.workspaceId, id: newId('agentCall') };
    const waiting: Waiting = { over: null, end: () => undefined };
    carried.deadline.onOver((reason) => {
      waiting.over = reason;
      waiting.end();
    });
    if (waiting.over !== null) throw unsent(carried, agent, 'was not asked: the call was cancelled before');
    const { secret, keyId } = secrets.seal(JSON.stringify(carried.call));
    const call = { ...args, agentId: carried.agent.id, request: secret, keyId, withinMs: carried.call.limits.totalMs };
    // When it is not certain that the row is not there, an agent may find it.
    const isIn = await insertAgentCall(pool, call).then(
      () => true,
      () => false,
    );
    if (isIn) tell(pool, 'work', carried.agent.id);
    const standing = isIn ? await untilEnd({ pool, ends, waiting, args, lookEveryMs }) : null;
    const taken = await takeBackAgentCall(pool, args).catch(() => null);
    return settle({ carried, agent: { ...agent, ...pick(standing) }, over: waiting.over, taken, open });
  };
  return { carry, close: ends.close };
}

interface Waiting {
  over: 'timeout' | 'cancelled' | null;
  end: () => void;
}

interface Wait {
  pool: Pool;
  ends: WakeUps;
  waiting: Waiting;
  args: { workspaceId: string; id: string };
  lookEveryMs: number;
}

/** Until the call has ended, its time is over, its row is gone, or nobody took it and nobody is there to. */
async function untilEnd({ pool, ends, waiting, args, lookEveryMs }: Wait): Promise<Look> {
  for (;;) {
    const next = ends.wait(args.id, { atMostMs: lookEveryMs });
    waiting.end = next.cancel;
    const standing = waiting.over === null ? await look(pool, args) : null;
    if (waiting.over !== null || standing === 'gone' || (standing && (standing.state === 'done' || isLost(standing)))) {
      next.cancel();
      return standing;
    }
    await next.woken;
  }
}

type Look = Awaited<ReturnType<typeof loadAgentCall>> | 'gone';
const look = async (pool: Pool, args: { workspaceId: string; id: string }): Promise<Look> =>
  // Our own database's bad moment is no end of the call: its deadline is.
  loadAgentCall(pool, args).then(
    (found) => found ?? ('gone' as const),
    () => null,
  );
const pick = (standing: Look): Partial<Standing> =>
  standing === null || standing === 'gone' ? {} : { isHeard: standing.isHeard, seenAt: standing.seenAt };
/** Nobody took it, and nobody is there to. */
const isLost = ({ state, isHeard }: Exclude<Look, 'gone' | null>): boolean => state === 'pending' && !isHeard;

interface Settling {
  carried: Carried;
  agent: Standing;
  over: 'timeout' | 'cancelled' | null;
  taken: ({ state: 'pending' | 'leased' | 'done' } & Ended) | null;
  open: (ended: Ended) => Outcome;
}

function settle({ carried, agent, over, taken, open }: Settling): Outcome {
  if (taken?.state === 'done') return named(open(taken), agent);
  if (taken?.state === 'pending') {
    const why = agent.isHeard ? 'did not take the call in time' : say`has not been heard ${sinceWhen(agent.seenAt)}`;
    throw unsent(carried, agent, over === 'cancelled' ? 'was not asked any more: the call was cancelled' : why);
  }
  // It had it, or nobody knows: the row is gone.
  const { host } = new URL(carried.call.url);
  const what =
    over === 'cancelled'
      ? 'was making the call when it was cancelled'
      : say`did not say within ${carried.call.limits.totalMs / 1_000} s what became of the call`;
  const detail = say`The agent "${agent.name}" ${what} to ${host}.`;
  if (carried.call.isIdempotent) throw new HoldfastError('upstream.timeout', { detail });
  throw new HoldfastError('upstream.ambiguous', {
    detail: say`${detail} It may have been carried out.`,
    hint: 'Look there whether it happened before you send it again.',
  });
}

/** What an agent says is about its own network: people read whose. */
const named = (ended: Outcome, { name }: Standing): Outcome =>
  ended.state === 'failed' ? { ...ended, detail: say`By the agent "${name}": ${ended.detail}`.text.slice(0, 2_000) } : ended;

async function findAgent(pool: Pool, { agent: { id, workspaceId }, call }: Carried): Promise<AgentStanding> {
  const agent = await loadAgentStanding(pool, { workspaceId, id });
  const url = new URL(call.url);
  if (!agent)
    throw new HoldfastError('credential.missing', {
      detail: 'The agent that this connection goes over does not exist any more. Nothing was sent.',
    });
  if (agent.isRevoked)
    throw new HoldfastError('credential.attention', {
      detail: say`The agent "${agent.name}" was revoked, so nothing was sent to ${url.host}.`,
      hint: 'Give it a new token under Connections, Agents, or choose another way in the connection.',
    });
  if (!acceptsHost(agent.allowedHosts, url))
    throw new HoldfastError('credential.host', {
      detail: say`The agent "${agent.name}" may be asked for ${agent.allowedHosts.join(', ')}, but this call goes to ${url.host}. Nothing was sent.`,
      hint: say`If ${url.host} is right, an administrator can add it under Connections, Agents.`,
    });
  if (!agent.isHeard) throw unsent({ call }, agent, say`has not been heard ${sinceWhen(agent.seenAt)}`);
  return agent;
}

const sinceWhen = (seenAt: Date | null): Words =>
  seenAt === null ? 'yet: it was never started with its token' : say`since ${seenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const unsent = ({ call }: Pick<Carried, 'call'>, { name }: Pick<Standing, 'name'>, why: Words): HoldfastError =>
  new HoldfastError('upstream.unreachable', {
    detail: say`The agent "${name}" ${why}. Nothing was sent to ${new URL(call.url).host}.`,
    hint: 'Look whether it runs and can reach this server: its log says so.',
  });
