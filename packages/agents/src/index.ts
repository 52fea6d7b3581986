export { createAgentDesk, type AgentDesk } from './agent-desk.ts';
export { createAgentLine, type AgentLine } from './agent-line.ts';
