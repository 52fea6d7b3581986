import type { JsonObject } from '@holdfast/node-kit';
import type { FlowEdge, FlowNode, FlowNote, FlowSettings } from './flow-file.ts';

type Position = { x: number; y: number };

/**
 * Every way a flow can change. `applyEdit` is pure and returns the inverse too, so undo is one more edit. `at` is a place
 * in the file's list; left out, the new thing goes to the end.
 */
export type Edit =
  | { edit: 'add-node'; node: FlowNode; at?: number }
  /** Takes its connections along; the inverse brings them back in their places. */
  | { edit: 'remove-node'; node: string }
  | { edit: 'rename-node'; node: string; name: string }
  | { edit: 'configure'; node: string; config: JsonObject }
  | { edit: 'move'; positions: Record<string, Position> }
  | { edit: 'connect'; edge: FlowEdge; at?: number }
  | { edit: 'disconnect'; edge: string }
  | { edit: 'add-note'; note: FlowNote; at?: number }
  | { edit: 'change-note'; note: FlowNote }
  | { edit: 'remove-note'; note: string }
  | { edit: 'rename-flow'; name: string }
  | { edit: 'describe-flow'; description: string }
  | { edit: 'settings'; settings: FlowSettings }
  /** One step for undo, made of several. */
  | { edit: 'batch'; edits: Edit[] };
