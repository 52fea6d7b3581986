export { proveCall, type Call, type Key, type Proven } from './prove-call.ts';
export { keysOf } from './keys-of.ts';
export { readProof, type Proof } from './proof.ts';
export { readMessageId } from './message-id.ts';
export { isSecretHeader } from './secret-headers.ts';
export { answerWith, readAnswering, type Answering, type Reply } from './answer-with.ts';
