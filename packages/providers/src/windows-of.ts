import type { CallWindow } from '@holdfast/db';
import { ownWindows } from './hints.ts';
import type { Standing } from './standings.ts';

/** How often a provider may be called now: as people set it, as its answers taught, or as its kind allows. */
export function windowsOf(
  { kind }: { kind: string },
  standing: Pick<Standing, 'limits' | 'learnt' | 'learntUntil'>,
): readonly CallWindow[] {
  if (standing.limits) return standing.limits;
  const learnt = standing.learntUntil > performance.now() ? standing.learnt : null;
  return learnt ?? ownWindows(kind);
}
