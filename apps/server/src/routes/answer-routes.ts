import { endpoints } from '@holdfast/contracts';
import { deleteAnswer, listAnswers, loadAnswer, newId, saveAnswer } from '@holdfast/db';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function answerRoutes({ pool }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadAnswer(pool, { workspaceId: caller.workspaceId, id: params.id });
  const save = async (caller: Caller, id: string, body: { questions: string[]; answer: string; language: string }) => {
    await saveAnswer(pool, { id, workspaceId: caller.workspaceId, ...body });
    await auditOf(pool, caller, { action: 'answer.saved', subject: id });
    const saved = await loadAnswer(pool, { workspaceId: caller.workspaceId, id });
    if (!saved) throw missingResource();
    return saved;
  };
  return [
    route(endpoints.listAnswers, { run: async ({ caller }) => ({ items: await listAnswers(pool, caller.workspaceId) }) }),
    route(endpoints.createAnswer, { run: ({ body, caller }) => save(caller, newId('answer'), body) }),
    route(endpoints.updateAnswer, { load, run: ({ loaded, body, caller }) => save(caller, loaded.id, body) }),
    route(endpoints.deleteAnswer, {
      load,
      run: async ({ loaded, caller }) => {
        await deleteAnswer(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        await auditOf(pool, caller, { action: 'answer.removed', subject: loaded.id });
        return ok;
      },
    }),
  ];
}
