export { refusalOf } from './address.ts';
export { parseAllowList, type AllowList } from './allow-list.ts';
export type { Resolve } from './connect.ts';
export { createEgress, type Egress, type EgressCall } from './create-egress.ts';
export type { EgressOptions } from './egress-options.ts';
export { createFetch, type Fetch, type FetchOptions } from './create-fetch.ts';
export type { ResolvedCredential } from './credential.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { parseRetryAfter } from './retry-after.ts';
