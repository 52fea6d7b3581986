export { asApiError } from './api-error.ts';
export { call, upload } from './call.ts';
export { useMay } from './session.ts';
export { refresh, useAct, useRead } from './use-call.ts';
