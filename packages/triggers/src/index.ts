export { hookAddress, usualPace, type Pace, type TriggerDeps } from './deps.ts';
export { createEgressFor } from './egress-for.ts';
export { readSpreadsheet } from './google-sheets/read-spreadsheet.ts';
export { findReceiver, receiveMessage, type Message } from './receive-message.ts';
export { startTriggers } from './start-triggers.ts';
