import type { Catalog } from '@holdfast/node-kit';
import type { z } from 'zod';
import type { Finding } from './finding.ts';
import { flowFile, type FlowFile } from './flow-file.ts';
import { migrateFlow } from './migrate-flow.ts';
import { sanitize } from './sanitize.ts';

/**
 * Unknown data as a flow file with every step at its type's present version, or what keeps it from being one. A draft that
 * is not finished passes: missing settings and loose ends are for `checkFlow`. What nobody could work on is refused: wrong
 * shape, unknown types or settings, connections to nowhere. Lone surrogates and NUL become U+FFFD.
 */
export function parseFlowFile(input: unknown, catalog: Catalog): { file: FlowFile } | { findings: Finding[] } {
  const clean = sanitize(input);
  if ('reason' in clean) return { findings: [{ code: 'file.shape', severity: 'error', ...clean }] };
  const parsed = flowFile.safeParse(clean.value);
  if (!parsed.success) return { findings: parsed.error.issues.map((issue) => shapeFinding(issue, clean.value)) };
  const file = migrateFlow(parsed.data, catalog);
  const findings = [...repeatedIds(file), ...unknownTypes(file, catalog), ...unknownSettings(file, catalog), ...looseEdges(file)];
  return findings.length > 0 ? { findings } : { file };
}

function shapeFinding(issue: z.core.$ZodIssue, input: unknown): Finding {
  const [list, index] = issue.path;
  const item = list === 'nodes' && typeof index === 'number' ? nodeAt(input, index) : undefined;
  return {
    code: 'file.shape',
    severity: 'error',
    ...(item ? { node: item } : {}),
    field: issue.path.map(String).join('.'),
    reason: `This is not a flow file that we can read: ${issue.message}${issue.path.length > 0 ? ` (at ${issue.path.map(String).join('.')})` : ''}.`,
    fix: 'Export the flow again, or correct the file there.',
  };
}

function nodeAt(input: unknown, index: number): string | undefined {
  const shape = input as { nodes?: { id?: unknown }[] }; // its path says that zod saw a list here
  const found = shape.nodes?.[index]?.id;
  return typeof found === 'string' ? found : undefined;
}

function repeatedIds(file: FlowFile): Finding[] {
  return (['nodes', 'edges', 'notes'] as const).flatMap((list) => {
    const seen = new Set<string>();
    return file[list].flatMap(({ id }): Finding[] => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      const noun = { nodes: 'steps', edges: 'connections', notes: 'notes' }[list];
      return [
        {
          code: 'id.duplicate',
          severity: 'error',
          field: `${list}.${id}`,
          reason: `Two ${noun} have the id "${id}".`,
          fix: 'Give one of them another id.',
        },
      ];
    });
  });
}

function unknownTypes(file: FlowFile, catalog: Catalog): Finding[] {
  return file.nodes.flatMap((node): Finding[] => {
    const definition = Object.hasOwn(catalog, node.type) ? catalog[node.type] : undefined;
    if (definition && node.typeVersion <= definition.typeVersion) return [];
    const reason = definition
      ? `"${node.name}" was made with a newer Holdfast (${node.type}, version ${node.typeVersion}); this one knows version ${definition.typeVersion}.`
      : `"${node.name}" is a kind of step that this Holdfast does not know: ${node.type}.`;
    return [{ code: 'node.unknown-type', severity: 'error', node: node.id, reason, fix: 'Update Holdfast, or replace the step.' }];
  });
}

function unknownSettings(file: FlowFile, catalog: Catalog): Finding[] {
  return file.nodes.flatMap((node) => {
    const shape = Object.hasOwn(catalog, node.type) ? catalog[node.type]?.config.shape : undefined;
    return Object.keys(node.config).flatMap((field): Finding[] =>
      !shape || Object.hasOwn(shape, field)
        ? []
        : [
            {
              code: 'node.config',
              severity: 'error',
              node: node.id,
              field,
              reason: `"${node.name}" has no setting "${field}".`,
              fix: 'Remove it from the file.',
            },
          ],
    );
  });
}

function looseEdges(file: FlowFile): Finding[] {
  const nodes = new Set(file.nodes.map((node) => node.id));
  return file.edges.flatMap((edge) =>
    [edge.from.node, edge.to.node].flatMap((end): Finding[] =>
      nodes.has(end)
        ? []
        : [
            {
              code: 'edge.unknown-node',
              severity: 'error',
              edge: edge.id,
              reason: `A connection leads to or from a step "${end}" that the flow does not have.`,
              fix: 'Remove the connection.',
            },
          ],
    ),
  );
}
