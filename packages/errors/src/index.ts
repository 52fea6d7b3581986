export * from './codes.ts';
export * from './holdfast-error.ts';
