import { duration, jsonObject } from '@holdfast/node-kit';
import { z } from 'zod';

/** At most this many nodes in one flow; an import above it is refused before anything else is looked at. */
export const maxNodes = 1_000;

// No `__proto__`: ids are keys of plain objects in templates and exports.
const id = z.string().regex(/^(?!__proto__$)[a-zA-Z0-9_-]{1,64}$/, 'Ids are letters, digits, "-" and "_", at most 64');

export const flowNode = z.strictObject({
  /** Also its name in templates: `{{ nodes.<id>.… }}`. */
  id,
  type: z.string().min(1).max(64),
  typeVersion: z.number().int().positive(),
  name: z.string().max(120),
  config: jsonObject,
  position: z.strictObject({ x: z.number(), y: z.number() }),
});
export type FlowNode = z.infer<typeof flowNode>;

export const flowEdge = z.strictObject({
  id,
  from: z.strictObject({ node: id, port: z.string().min(1).max(64) }),
  to: z.strictObject({ node: id }),
});
export type FlowEdge = z.infer<typeof flowEdge>;

export const flowNote = z.strictObject({
  id,
  text: z.string().max(5_000),
  position: z.strictObject({ x: z.number(), y: z.number() }),
  size: z.strictObject({ width: z.number().positive(), height: z.number().positive() }).optional(),
});
export type FlowNote = z.infer<typeof flowNote>;

export const flowSettings = z.strictObject({
  /** Messages that arrive within this time of each other are answered together; at most 10 s in all. */
  mergeBurst: duration.default('1500ms'),
  /** A question that nobody answers for so long ends as if its own time were over, counted from what was said last. `0s`: only its own time counts. */
  sessionTimeout: duration.default('0s'),
  /** Whether the customer sees that somebody is typing while a step takes its time. */
  typing: z.boolean().default(true),
  /** What becomes of a run whose step gave up and has no connected `failed` port. */
  onExhausted: z.enum(['pause', 'end']).default('pause'),
  /** Steps that one run may execute before it stops and asks for attention. */
  maxSteps: z.number().int().min(1).max(10_000).default(500),
  /** Which lane a run begins in; `auto` goes by what starts it. */
  lane: z.enum(['auto', 'express', 'temporal']).default('auto'),
});
export type FlowSettings = z.infer<typeof flowSettings>;

/** The flow file, format 1: what is drawn, stored, imported and exported. */
export const flowFile = z.strictObject({
  format: z.literal('holdfast.flow/1'),
  name: z.string().min(1, 'Give the flow a name').max(120),
  description: z.string().max(2_000).default(''),
  settings: flowSettings.prefault({}),
  nodes: z.array(flowNode).max(maxNodes),
  edges: z.array(flowEdge).max(maxNodes * 10),
  notes: z.array(flowNote).max(500).default([]),
});
export type FlowFile = z.infer<typeof flowFile>;
