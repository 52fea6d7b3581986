export * from './codes.ts';
export * from './holdfast-error.ts';
export * from './say.ts';
