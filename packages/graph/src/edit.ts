import type { JsonObject } from '@holdfast/node-kit';
import type { FlowEdge, FlowNode, FlowNote, FlowSettings } from './flow-file.ts';

type Position = { x: number; y: number };

/** Every way a flow can change. `applyEdit` is pure and returns the inverse too, so undo is one more edit. */
export type Edit =
  | { edit: 'add-node'; node: FlowNode }
  | { edit: 'remove-node'; node: string }
  | { edit: 'rename-node'; node: string; name: string }
  | { edit: 'configure'; node: string; config: JsonObject }
  | { edit: 'move'; positions: Record<string, Position> }
  | { edit: 'connect'; edge: FlowEdge }
  | { edit: 'disconnect'; edge: string }
  | { edit: 'add-note'; note: FlowNote }
  | { edit: 'change-note'; note: FlowNote }
  | { edit: 'remove-note'; note: string }
  | { edit: 'rename-flow'; name: string }
  | { edit: 'describe-flow'; description: string }
  | { edit: 'settings'; settings: FlowSettings }
  /** One step for undo, made of several. */
  | { edit: 'batch'; edits: Edit[] };
