/** Why the agent ended. From 2 on, starting it again as it is would not help. */
export const exitCodes = { stopped: 0, unexpected: 1, usage: 2, token: 3, protocol: 4, journal: 5 } as const;
export type ExitReason = keyof typeof exitCodes;

/** Ends the agent with words for whoever started it. */
export class AgentEnd extends Error {
  readonly reason: ExitReason;
  constructor(reason: ExitReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
