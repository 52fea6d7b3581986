export { openTarget } from './open-target.ts';
export { syncMirror } from './sync-mirror.ts';
export type { MirrorTarget, TargetAccess, Vet } from './target.ts';
