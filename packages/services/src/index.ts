export { diffOperations } from './diff-operations.ts';
export type { Description } from './description.ts';
export { maxDocumentBytes, readDescription } from './read-description.ts';
