import { findAgentByToken, type KnownAgent } from '@holdfast/db';
import { agentProtocol, agentQuestion, agentResult, mostCarriedBytes } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import { depthOfJson, mostJsonDepth } from '@holdfast/node-kit';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ServerDeps } from '../deps.ts';
import { databasePatience } from '../http/database-patience.ts';
import { readBody } from '../http/read-body.ts';
import { hashAgentToken, isAgentToken } from './agent-token.ts';

/** A body in base64, and what stands around it. */
const limits = { maxBytes: Math.ceil(mostCarriedBytes * 1.4) + 200_000, withinMs: 60_000 };
/** A value of a database, and what stands around it. */
const mostDepth = mostJsonDepth + 20;
const questionLimits = { maxBytes: 1_000_000, withinMs: 12_000 };

/** An agent asks for work: answered when there is some, or after some seconds. */
export async function giveWork(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const agent = await knownAgent(deps, request);
  const said = parse(z.looseObject({ protocol: z.number() }), await readBody(request, questionLimits));
  if (said.protocol !== agentProtocol)
    throw new HoldfastError('request.unsupported-media', {
      detail: say`This agent speaks protocol ${said.protocol}, and this server ${agentProtocol}.`,
      hint: say`Bring ${said.protocol < agentProtocol ? 'the agent' : 'the server'} up to date.`,
    });
  const question = agentQuestion.safeParse(said);
  if (!question.success) throw unreadable(question.error);
  const left = new AbortController();
  response.on('close', () => left.abort());
  response.json(await deps.agents.give(agent, question.data, left.signal));
}

/** An agent says what became of a call. Once this is answered it may forget it. */
export async function takeResult(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const agent = await knownAgent(deps, request);
  const result = parse(agentResult, await readBody(request, limits));
  response.json({ receipt: await databasePatience()(deps.agents.take(agent, result)) });
}

async function knownAgent({ pool }: ServerDeps, request: Request): Promise<KnownAgent> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const agent = isAgentToken(token) ? await databasePatience()(findAgentByToken(pool, hashAgentToken(token))) : null;
  if (agent) return agent;
  throw new HoldfastError('auth.required', {
    detail: 'This agent’s token is not good, or not any more.',
    hint: 'Make a new one under Connections, Agents, and start the agent with it.',
  });
}

function parse<T extends z.ZodType>(schema: T, body: Buffer): z.infer<T> {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw unreadable(parsed.error);
}

function parseJson(body: Buffer): unknown {
  try {
    const text = body.toString();
    // Of what is too deep to be looked at the agent hears that it can't be read: it would tell it for ever.
    return depthOfJson(text) > mostDepth ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

const unreadable = (error: z.ZodError) =>
  new HoldfastError('request.invalid', { detail: say`This is not what an agent says: ${z.prettifyError(error).slice(0, 300)}` });
