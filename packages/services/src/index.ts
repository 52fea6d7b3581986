export type { Description } from './description.ts';
export { diffOperations } from './diff-operations.ts';
export { maxDocumentBytes, readDescription } from './read-description.ts';
