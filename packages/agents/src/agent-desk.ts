import { answerAgentCall, hearAgent, leaseAgentCalls, noteAgentLeft, type KnownAgent, type LeasedCall, type Pool } from '@holdfast/db';
import { agentCall, type AgentQuestion, type AgentResult, type AgentWork } from '@holdfast/egress';
import { asHoldfastError, HoldfastError, say } from '@holdfast/errors';
import type { Secrets } from '@holdfast/secrets';
import { createWakeUps, tell } from './wake-ups.ts';

interface DeskDeps {
  pool: Pool;
  secrets: Pick<Secrets, 'seal' | 'open'>;
  /** How long a question stays open without work: 5 s when left out. An agent is heard as often. */
  holdMs?: number;
  /** After its question was cut off, until an agent that asked no other one is not there: 6 s when left out, in which it tries to come back. */
  leavesAfterMs?: number;
  /** Between two looks while it is open. */
  lookEveryMs?: number;
}

/** The server's end of the line to agents. */
export interface AgentDesk {
  /** Work for an agent, as soon as there is some. Throws resource.conflict when another process uses its journal. */
  give: (agent: KnownAgent, question: AgentQuestion, signal: AbortSignal) => Promise<AgentWork>;
  /** Keeps what became of a call; `gone` when nobody waits for it any more. */
  take: (agent: KnownAgent, result: AgentResult) => Promise<'kept' | 'gone'>;
  close: () => Promise<void>;
}

/** Several processes may each have one: who asks and who waits meet in PostgreSQL. */
export function createAgentDesk({ pool, secrets, holdMs = 5_000, leavesAfterMs = 6_000, lookEveryMs = 3_000 }: DeskDeps): AgentDesk {
  const work = createWakeUps(pool, 'work');
  const leaving = new Set<NodeJS.Timeout>();
  let isClosing = false;
  /** Null for what another key sealed: its caller is told, and the agent's other calls go on. */
  const openCall = async (
    agent: KnownAgent,
    { id, epoch, leftMs, request, keyId }: LeasedCall,
  ): Promise<AgentWork['calls'][number] | null> => {
    try {
      return { id, epoch, leftMs, call: agentCall.parse(JSON.parse(secrets.open({ secret: request, keyId }))) };
    } catch (error) {
      const { detail } = asHoldfastError(error, 'internal');
      await take(agent, { id, epoch, outcome: { state: 'failed', code: 'credential.missing', detail: `Nothing was sent: ${detail}` } });
      return null;
    }
  };
  const mayHaveLeft = (agent: KnownAgent, { instance, process, turn }: AgentQuestion): void => {
    const timer = setTimeout(() => {
      leaving.delete(timer);
      void noteAgentLeft(pool, { agentId: agent.id, instance, process, turn }).catch(() => undefined);
    }, leavesAfterMs);
    leaving.add(timer.unref());
  };
  const take = async (agent: KnownAgent, { id, epoch, outcome }: AgentResult): Promise<'kept' | 'gone'> => {
    const { secret, keyId } = secrets.seal(JSON.stringify(outcome));
    const isKept = await answerAgentCall(pool, { agentId: agent.id, id, epoch, answer: secret, keyId });
    if (isKept) tell(pool, 'ends', id);
    return isKept ? 'kept' : 'gone';
  };
  return {
    give: async (agent, question, signal) => {
      const { instance, process, turn, room, allow: allowedHosts } = question;
      if (!(await hearAgent(pool, { ...question, workspaceId: agent.workspaceId, agentId: agent.id, allowedHosts })))
        throw superseded(agent, question);
      const until = performance.now() + holdMs;
      for (;;) {
        const left = until - performance.now();
        const next = work.wait(agent.id, { atMostMs: Math.max(0, Math.min(lookEveryMs, left)), signal });
        const isGone = signal.aborted;
        const leased = room === 0 || isGone ? [] : await leaseAgentCalls(pool, { agentId: agent.id, instance, process, turn, room });
        // Without room it only says that it lives.
        if (leased.length > 0 || room === 0 || isGone || left <= 0 || isClosing) {
          next.cancel();
          if (isGone && !isClosing) mayHaveLeft(agent, question);
          return {
            agent: agent.name,
            calls: (await Promise.all(leased.map((call) => openCall(agent, call)))).filter((call) => call !== null),
          };
        }
        await next.woken;
      }
    },
    take,
    close: async () => {
      isClosing = true;
      for (const timer of leaving) clearTimeout(timer);
      await work.close();
    },
  };
}

const superseded = ({ name }: KnownAgent, { machine }: AgentQuestion): HoldfastError =>
  new HoldfastError('resource.conflict', {
    detail: say`Another process on ${machine} has taken over the journal of the agent "${name}", so this one gets no work.`,
    hint: 'Give every agent a data folder of its own.',
  });
