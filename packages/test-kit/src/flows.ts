export * from './flow-text.ts';
