import type { FlowFile } from '@holdfast/graph';

/** A readable id that is free: it is also the step's name in templates and conditions, so no hyphens: `api_call`, `api_call_2`. */
export function freeNodeId(type: string, taken: ReadonlySet<string>): string {
  const base = type.replaceAll('-', '_').slice(0, 48);
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

export function freeId(prefix: string, taken: ReadonlySet<string>): string {
  let number = taken.size + 1;
  while (taken.has(`${prefix}${number}`)) number += 1;
  return `${prefix}${number}`;
}

/** "Call an API", "Call an API 2": a name that no other step has, so that problems and timelines are clear. */
export function freeNodeName(title: string, taken: ReadonlySet<string>): string {
  if (!taken.has(title)) return title;
  let number = 2;
  while (taken.has(`${title} ${number}`)) number += 1;
  return `${title} ${number}`;
}

export const nodeIds = (file: FlowFile): Set<string> => new Set(file.nodes.map((node) => node.id));
export const edgeIds = (file: FlowFile): Set<string> => new Set(file.edges.map((edge) => edge.id));
export const noteIds = (file: FlowFile): Set<string> => new Set(file.notes.map((note) => note.id));
export const nodeNames = (file: FlowFile): Set<string> => new Set(file.nodes.map((node) => node.name));
