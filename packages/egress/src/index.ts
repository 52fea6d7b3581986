export { refusalOf } from './address.ts';
export { parseAllowList, type AllowList } from './allow-list.ts';
export { systemResolve, type Resolve } from './connect.ts';
export { createEgress, type Egress, type EgressCall } from './create-egress.ts';
export type { EgressOptions } from './egress-options.ts';
export { createFetch, type Fetch, type FetchOptions } from './create-fetch.ts';
export { errorWithout } from './error-without.ts';
export { withoutSecrets, type ResolvedCredential } from './credential.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { parseRetryAfter } from './retry-after.ts';
export {
  agentCall,
  agentProtocol,
  agentQuestion,
  agentReceipt,
  agentResult,
  agentWork,
  type AgentQuestion,
  type AgentResult,
  type AgentWork,
} from './way/agent-protocol.ts';
export { mostCarriedBytes, outcome, type Carried, type CarriedCall, type Carry, type Outcome } from './way/carried.ts';
export type { CarriedQuery } from './way/carried-query.ts';
export { createCarrier, type Carrier } from './way/carry-out.ts';
export { acceptsHost, parseHostList, type HostList } from './way/host-list.ts';
export { nameOfWay, type OpenWay, type Way } from './way/way.ts';
