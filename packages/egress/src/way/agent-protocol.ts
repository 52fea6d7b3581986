import { z } from 'zod';
import { carriedCall, outcome } from './carried.ts';
import { carriedQuery } from './carried-query.ts';

/** Between server and agent. Another number is refused by the server, with words that say who must be brought up to date. */
export const agentProtocol = 2;

/** Web calls, and statements for databases. */
export const agentCall = z.union([carriedCall, carriedQuery]);

// It stands in our database, which takes no NUL, and on people's screens.
const line = z.string().regex(/^\P{Cc}*$/u);
const hosts = z.array(line.max(300)).max(200);
const id = line.min(1).max(100);

/** An agent asks for work; the answer comes when there is some, or after some seconds without. */
export const agentQuestion = z.object({
  protocol: z.number().int(),
  /** The folder that its journal is in, on this machine. */
  instance: id,
  boot: z.number().int().nonnegative(),
  process: id,
  turn: z.number().int().positive(),
  machine: line.max(255),
  version: line.max(50),
  /** What it may reach by its own list. */
  allow: hosts,
  room: z.number().int().min(0).max(64),
  running: z.number().int().min(0).max(1_000),
  /** All calls that its journal holds and whose end the server has not acknowledged. */
  known: z.array(id).max(5_000),
});
export type AgentQuestion = z.infer<typeof agentQuestion>;

export const agentWork = z.object({
  agent: z.string(),
  calls: z.array(z.object({ id, epoch: z.number().int(), leftMs: z.number(), call: agentCall })),
});
export type AgentWork = z.infer<typeof agentWork>;

/** What became of a call. */
export const agentResult = z.object({ id, epoch: z.number().int(), outcome });
export type AgentResult = z.infer<typeof agentResult>;

/** `kept`: whoever waits for it has it · `gone`: nobody waits any more. The agent may forget it either way. */
export const agentReceipt = z.object({ receipt: z.enum(['kept', 'gone']) });
