export { ApiError, asApiError } from './api-error.ts';
export { call, upload, type Answer, type CallInput } from './call.ts';
export { createQueryClient } from './query-client.ts';
export { useSession, useMay, type Session } from './session.ts';
export { keyOf, refresh, useAct, useRead, useReadPages } from './use-call.ts';
