import { flowFile } from '@holdfast/graph';
import { jsonObject, jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams, problem } from './shared.ts';

export const finding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  node: z.string().optional(),
  edge: z.string().optional(),
  field: z.string().optional(),
  reason: z.string(),
  fix: z.string(),
});

export const flowSummary = z.object({
  id,
  name: z.string(),
  description: z.string(),
  status: z.enum(['draft', 'live', 'paused']),
  publishedVersion: z.number().int().nullable(),
  hasUnpublishedChanges: z.boolean(),
  nodeTypes: z.array(z.string()),
  runs: z.object({ today: z.number().int(), open: z.number().int(), attention: z.number().int() }),
  /** Less came than a trigger expects, and nothing since. */
  silence: z.object({ node: z.string(), atLeast: z.number().int(), came: z.number().int(), from: at, until: at }).nullable(),
  updatedAt: at,
  updatedBy: z.string().nullable(),
});
export type FlowSummary = z.infer<typeof flowSummary>;

export const flowDetail = flowSummary.extend({
  draft: flowFile,
  revision: z.number().int(),
  published: flowFile.nullable(),
  publishedVersionId: z.string().nullable(),
});
export type FlowDetail = z.infer<typeof flowDetail>;

export const versionSummary = z.object({
  id,
  number: z.number().int(),
  note: z.string(),
  publishedAt: at,
  publishedBy: z.string().nullable(),
  isLive: z.boolean(),
  openRuns: z.number().int(),
});
export type VersionSummary = z.infer<typeof versionSummary>;

/** What Try this step answers: like a step of a run, without a run. */
export const tryOutcome = z.object({
  port: z.string().nullable(),
  output: jsonValue,
  facts: jsonObject,
  durationMs: z.number(),
  problem: problem.nullable(),
  /** What the step would have sent; nothing is sent while trying. */
  wouldSend: z.array(z.object({ text: z.string() })).default([]),
});

export const flows = {
  listFlows: endpoint({
    method: 'GET',
    path: '/api/flows',
    summary: 'All flows',
    permission: 'flows.read',
    response: z.object({ items: z.array(flowSummary) }),
  }),
  createFlow: endpoint({
    method: 'POST',
    path: '/api/flows',
    summary: 'Make a flow: empty, from a file, or from a shipped template',
    permission: 'flows.write',
    status: 201,
    body: z.strictObject({
      name: z.string().min(1).max(120).optional(),
      file: flowFile.optional(),
      template: z.string().max(64).optional(),
    }),
    response: flowDetail,
  }),
  listTemplates: endpoint({
    method: 'GET',
    path: '/api/templates',
    summary: 'The shipped templates that a flow can start from',
    permission: 'flows.read',
    response: z.object({ items: z.array(z.object({ id, name: z.string(), description: z.string(), nodeTypes: z.array(z.string()) })) }),
  }),
  getFlow: endpoint({
    method: 'GET',
    path: '/api/flows/:id',
    summary: 'A flow with its draft',
    permission: 'flows.read',
    params: idParams,
    response: flowDetail,
  }),
  deleteFlow: endpoint({
    method: 'DELETE',
    path: '/api/flows/:id',
    summary: 'Archive a flow; its runs stay readable',
    permission: 'flows.write',
    params: idParams,
    response: done,
  }),
  getDraft: endpoint({
    method: 'GET',
    path: '/api/flows/:id/draft',
    summary: 'The draft as a flow file',
    permission: 'flows.read',
    params: idParams,
    response: z.object({ file: flowFile, revision: z.number().int() }),
  }),
  saveDraft: endpoint({
    method: 'PUT',
    path: '/api/flows/:id/draft',
    summary: 'Save the draft; 409 with both sides when its revision moved on',
    permission: 'flows.write',
    params: idParams,
    body: z.strictObject({ file: flowFile, revision: z.number().int() }),
    response: z.object({ revision: z.number().int(), savedAt: at, findings: z.array(finding) }),
  }),
  validateFlow: endpoint({
    method: 'POST',
    path: '/api/flows/:id/validate',
    summary: 'What keeps the draft from being published',
    permission: 'flows.read',
    params: idParams,
    response: z.object({ findings: z.array(finding) }),
  }),
  publishPreview: endpoint({
    method: 'GET',
    path: '/api/flows/:id/publish',
    summary: 'What publishing would change and who is in mid-flow',
    permission: 'flows.read',
    params: idParams,
    response: z.object({
      findings: z.array(finding),
      changes: z.array(
        z.object({
          kind: z.enum(['added', 'removed', 'changed', 'settings', 'connections']),
          node: z.string().optional(),
          text: z.string(),
        }),
      ),
      openRuns: z.number().int(),
      nextNumber: z.number().int(),
    }),
  }),
  publishFlow: endpoint({
    method: 'POST',
    path: '/api/flows/:id/publish',
    summary: 'Publish the draft',
    permission: 'flows.publish',
    params: idParams,
    body: z.strictObject({ note: z.string().max(500).default(''), revision: z.number().int().optional() }),
    response: z.object({ version: z.string(), number: z.number().int() }),
  }),
  pauseFlow: endpoint({
    method: 'POST',
    path: '/api/flows/:id/pause',
    summary: 'Stop or let start new runs',
    permission: 'flows.publish',
    params: idParams,
    body: z.strictObject({ paused: z.boolean() }),
    response: flowSummary,
  }),
  listVersions: endpoint({
    method: 'GET',
    path: '/api/flows/:id/versions',
    summary: 'Published versions, newest first',
    permission: 'flows.read',
    params: idParams,
    response: z.object({ items: z.array(versionSummary) }),
  }),
  getVersion: endpoint({
    method: 'GET',
    path: '/api/flows/:id/versions/:version',
    summary: 'A published version as a flow file',
    permission: 'flows.read',
    params: z.strictObject({ id, version: id }),
    response: z.object({ file: flowFile, number: z.number().int() }),
  }),
  startRun: endpoint({
    method: 'POST',
    path: '/api/flows/:id/runs',
    summary: 'Start a run by hand',
    permission: 'runs.start',
    params: idParams,
    status: 201,
    body: z.strictObject({ input: jsonObject.default({}) }),
    response: z.object({ run: id }),
  }),
  tryStep: endpoint({
    method: 'POST',
    path: '/api/flows/:id/try',
    summary: 'Run one step on chosen data; sends nothing to customers',
    permission: 'flows.write',
    params: idParams,
    body: z.strictObject({ file: flowFile, node: z.string(), scope: jsonObject }),
    response: tryOutcome,
  }),
  /** For the data picker: values of the last run that reached each node, else nothing. */
  sampleData: endpoint({
    method: 'GET',
    path: '/api/flows/:id/samples',
    summary: 'The last known output of every step, and the last trigger',
    permission: 'flows.read',
    params: idParams,
    response: z.object({
      run: z.string().nullable(),
      trigger: jsonObject,
      nodes: z.record(z.string(), jsonValue),
      contact: jsonObject.nullable(),
    }),
  }),
};
