import { answerAgentCall, hearAgent, leaseAgentCalls, type KnownAgent, type Pool } from '@holdfast/db';
import { carriedCall, type AgentQuestion, type AgentResult, type AgentWork } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { Secrets } from '@holdfast/secrets';
import { createWakeUps, tell } from './wake-ups.ts';

interface DeskDeps {
  pool: Pool;
  secrets: Pick<Secrets, 'seal' | 'open'>;
  /** How long a question stays open without work: 15 s when left out, which proxies on the way let pass. */
  holdMs?: number;
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

export function createAgentDesk({ pool, secrets, holdMs = 15_000, lookEveryMs = 3_000 }: DeskDeps): AgentDesk {
  const work = createWakeUps(pool, 'work');
  let isClosing = false;
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
          return {
            agent: agent.name,
            calls: leased.map(({ id, epoch, leftMs, request, keyId }) => ({
              id,
              epoch,
              leftMs,
              call: carriedCall.parse(JSON.parse(secrets.open({ secret: request, keyId }))),
            })),
          };
        }
        await next.woken;
      }
    },
    take: async (agent, { id, epoch, outcome }) => {
      const { secret, keyId } = secrets.seal(JSON.stringify(outcome));
      const isKept = await answerAgentCall(pool, { agentId: agent.id, id, epoch, answer: secret, keyId });
      if (isKept) tell(pool, 'ends', id);
      return isKept ? 'kept' : 'gone';
    },
    close: async () => {
      isClosing = true;
      await work.close();
    },
  };
}

const superseded = ({ name }: KnownAgent, { machine }: AgentQuestion): HoldfastError =>
  new HoldfastError('resource.conflict', {
    detail: `Another process on ${machine} has taken over the journal of the agent "${name}", so this one gets no work.`,
    hint: 'Give every agent a data folder of its own.',
  });
