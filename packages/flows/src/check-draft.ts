import { listChannelViews, listCredentialNames, listMessageTemplates, listVariables, type Queryable } from '@holdfast/db';
import { checkFlow, type Finding, type FlowFile, type FlowNode } from '@holdfast/graph';
import type { Catalog, CheckWorld, JsonValue } from '@holdfast/node-kit';

/** What this workspace has that a flow may name. */
export async function loadCheckWorld(db: Queryable, workspaceId: string): Promise<CheckWorld> {
  const [credentials, channels, variables, templates] = [
    await listCredentialNames(db, workspaceId),
    await listChannelViews(db, workspaceId),
    await listVariables(db, workspaceId),
    await listMessageTemplates(db, { workspaceId, channelId: null }),
  ];
  return {
    credentials,
    channels: channels.map(({ id, name, kind }) => ({ id, name, kind })),
    variables: variables.map((variable) => variable.name),
    templates,
  };
}

/** Everything that is wrong with a draft in this workspace: the graph's own findings, and names of what isn't there. */
export async function checkDraft(db: Queryable, args: { workspaceId: string; file: FlowFile; catalog: Catalog }): Promise<Finding[]> {
  const world = await loadCheckWorld(db, args.workspaceId);
  const findings = checkFlow(args.file, args.catalog, world);
  const known = new Set([...world.credentials, ...world.channels].map((each) => each.id));
  const reported = new Set(findings.map((finding) => `${finding.node}/${finding.field}`));
  return [
    ...findings,
    ...args.file.nodes
      .flatMap((node) => findForeignIds(node, known))
      .filter((finding) => !reported.has(`${finding.node}/${finding.field}`)),
  ];
}

/** A flow that came from elsewhere may name a credential or channel of another workspace; it must not be published like that. */
function findForeignIds(node: FlowNode, known: ReadonlySet<string>): Finding[] {
  return textsOf(node.config, []).flatMap(({ path, text }): Finding[] => {
    const kind = /^cred_[0-9a-f]{32}$/.test(text) ? 'credential' : /^chan_[0-9a-f]{32}$/.test(text) ? 'channel' : null;
    if (kind === null || known.has(text)) return [];
    return [
      {
        code: 'node.config',
        severity: 'error',
        node: node.id,
        field: path,
        reason: `"${node.name}" uses a ${kind} that this workspace doesn't have.`,
        fix: `Open the step and choose one of your ${kind}s.`,
      },
    ];
  });
}

function textsOf(value: JsonValue, path: string[]): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path: path.join('.'), text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => textsOf(child, [...path, key]));
}
