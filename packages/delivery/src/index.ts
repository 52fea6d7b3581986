export { applyStatuses, sendStatusOf } from './apply-statuses.ts';
export * from './create-delivery.ts';
export type { DeliveryDeps, Log } from './deps.ts';
export { payloadHash } from './payload.ts';
export { settleSend } from './settle-send.ts';
export type * from './step-send.ts';
