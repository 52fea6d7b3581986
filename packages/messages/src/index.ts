export type * from './piece.ts';
export type * from './rich-text.ts';
