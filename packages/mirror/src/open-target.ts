import type { MirrorTarget, TargetAccess, Vet } from './target.ts';
import { openPostgresTarget } from './postgres-target.ts';

/** Oracle's driver is loaded when somebody uses it: it is large. Throws mirror.target, egress.blocked and upstream.unreachable. */
export async function openTarget(access: TargetAccess, vet: Vet): Promise<MirrorTarget> {
  switch (access.kind) {
    case 'postgres':
      return openPostgresTarget(access, vet);
    case 'oracle':
      return (await import('./oracle-target.ts')).openOracleTarget(access, vet);
  }
}
