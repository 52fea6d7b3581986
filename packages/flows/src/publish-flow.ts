import {
  deleteTriggers,
  findTakenPaths,
  insertTrigger,
  lockFlow,
  lockWebhookPaths,
  saveVersion,
  setPublishedVersion,
  type Queryable,
  type TriggerRow,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { compile, migrateFlow, versionId, type Finding, type FlowFile, type FlowNode } from '@holdfast/graph';
import type { Catalog } from '@holdfast/node-kit';
import { z } from 'zod';
import { checkDraft } from './check-draft.ts';

export interface Publication {
  workspaceId: string;
  flowId: string;
  note: string;
  by: string | null;
  /** Publish only when the draft is still at this revision. */
  revision?: number | undefined;
  catalog: Catalog;
}

/**
 * Makes the draft the version that new runs start on; runs that are under way keep theirs. Call it in a transaction.
 * Throws `flow.invalid` with the findings, `resource.conflict` when the draft moved on or an address is taken.
 */
export async function publishFlow(db: Queryable, publication: Publication): Promise<{ version: string; number: number }> {
  const { workspaceId, flowId, catalog } = publication;
  const flow = await lockFlow(db, { workspaceId, id: flowId });
  if (!flow) throw new HoldfastError('resource.missing', { detail: 'This flow was archived in the meantime.' });
  if (publication.revision !== undefined && publication.revision !== flow.revision) {
    throw new HoldfastError('resource.conflict', {
      detail: say`You looked at revision ${publication.revision}; the draft is at revision ${flow.revision} now. Nothing was published.`,
      hint: 'Look at the changes and publish again.',
      extra: { revision: flow.revision },
    });
  }
  const file = migrateFlow(flow.draft, catalog);
  refuseFindings(await checkDraft(db, { workspaceId, file, catalog }), flow.name);
  const id = versionId(file);
  compile(file, id, catalog);
  const { number } = await saveVersion(db, { id, flowId, workspaceId, file, note: publication.note, by: publication.by });
  await replaceTriggers(db, publication, file, id);
  await setPublishedVersion(db, { workspaceId, flowId, versionId: id });
  return { version: id, number };
}

function refuseFindings(findings: Finding[], name: string): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const first = errors[0];
  if (!first) return;
  throw new HoldfastError('flow.invalid', {
    detail: say`"${name}" has ${errors.length === 1 ? 'a problem' : say`${errors.length} problems`}: ${first.reason}`,
    hint: first.fix,
    extra: { findings },
  });
}

async function replaceTriggers(db: Queryable, publication: Publication, file: FlowFile, version: string): Promise<void> {
  const triggers = file.nodes.flatMap((node) => buildTrigger(publication, node, version));
  const paths = triggers.flatMap((trigger) => (trigger.path === null ? [] : [trigger.path]));
  if (paths.length > 0) await lockWebhookPaths(db);
  const taken = await findTakenPaths(db, { flowId: publication.flowId, paths });
  const clash = taken[0] ?? paths.find((path, index) => paths.indexOf(path) !== index);
  if (clash !== undefined)
    throw new HoldfastError('resource.conflict', {
      detail: say`The address /hooks/flows/${clash} is in use by another webhook.`,
      hint: 'Choose another address in the webhook step.',
      path: 'path',
    });
  await deleteTriggers(db, { workspaceId: publication.workspaceId, flowId: publication.flowId });
  for (const trigger of triggers) await insertTrigger(db, trigger);
}

const webhookAddress = z.object({ path: z.string() });

function buildTrigger(publication: Publication, node: FlowNode, versionId: string): TriggerRow[] {
  const definition = publication.catalog[node.type];
  if (definition?.kind !== 'trigger') return [];
  const config = definition.config.parse(node.config);
  return [
    {
      workspaceId: publication.workspaceId,
      flowId: publication.flowId,
      versionId,
      nodeId: node.id,
      source: definition.source,
      config: z.record(z.string(), z.json()).parse(config),
      path: definition.source === 'webhook' ? webhookAddress.parse(config).path : null,
      // The scheduler plans what has no time yet, within a second.
      nextFireAt: null,
    },
  ];
}
