export * from './check-draft.ts';
export * from './create-flow.ts';
export * from './create-workspace.ts';
export * from './publish-flow.ts';
export * from './save-draft.ts';
