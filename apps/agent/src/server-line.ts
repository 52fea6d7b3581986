import { agentReceipt, agentWork, createFetch, type AgentQuestion, type AgentResult, type AgentWork } from '@holdfast/egress';
import type { z } from 'zod';
import { AgentEnd } from './exit-codes.ts';
import type { AgentSettings } from './settings.ts';

/** The agent's end of the line to the server; it dials, and is never dialled. */
export interface ServerLine {
  ask: (question: AgentQuestion, signal: AbortSignal) => Promise<AgentWork>;
  /** Says what became of a call. Resolved: the agent may forget it. */
  tell: (result: AgentResult) => Promise<'kept' | 'gone'>;
}

export function openServerLine({ server, token, proxy }: Pick<AgentSettings, 'server' | 'token' | 'proxy'>): ServerLine {
  const send = createFetch({
    trustedBaseUrl: server,
    timeoutMs: 60_000,
    maxBytes: 64 * 1024 * 1024,
    // The token goes to the server that was named, and nowhere else.
    redirects: 0,
    ...(proxy === null ? {} : { way: { way: proxy, hosts: [new URL(server).host] } }),
  });
  const call = async <T extends z.ZodType>(
    path: string,
    body: object,
    { schema, signal }: { schema: T; signal?: AbortSignal },
  ): Promise<z.infer<T>> => {
    const response = await send(`${server}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text);
    return schema.parse(JSON.parse(text));
  };
  return {
    ask: (question, signal) => call('/hooks/agents/work', question, { schema: agentWork, signal }),
    tell: async (result) => (await call('/hooks/agents/results', result, { schema: agentReceipt })).receipt,
  };
}

/** What it makes no sense to ask again for. */
const ends = { 401: 'token', 415: 'protocol', 409: 'journal' } as const;

/** The server can't read what it was told, and won't the next time. */
export class Unreadable extends Error {}

function refusal(status: number, text: string): Error {
  const said = sentence(text);
  const message = `The server answered ${status}${said === '' ? '.' : `: ${said}`}`;
  if (status === 401 || status === 415 || status === 409) return new AgentEnd(ends[status], message);
  return status === 400 || status === 413 ? new Unreadable(message) : new Error(message);
}

function sentence(text: string): string {
  try {
    const { detail, hint } = JSON.parse(text) as Record<string, unknown>; // read as text below, whatever it is
    return [detail, hint]
      .filter((part) => typeof part === 'string')
      .join(' ')
      .slice(0, 500);
  } catch {
    return '';
  }
}
