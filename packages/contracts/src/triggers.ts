import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, idParams, problem } from './shared.ts';

/** What a connected system tells us, and whether it does. */
export const connectionHook = z.object({
  /** The address that the system is to call; null: HOLDFAST_PUBLIC_URL is not set. */
  url: z.string().nullable(),
  /** What its messages are signed with: the connection's own secret, one that was entered here, or not known yet. */
  key: z.enum(['own', 'entered', 'missing']),
  receivedAt: at.nullable(),
  refusedAt: at.nullable(),
  refusal: z.string().nullable(),
  /** When it was last looked whether something was missed. */
  checkedAt: at.nullable(),
  problem: problem.nullable(),
  /** What live flows listen to. */
  topics: z.array(
    z.object({
      topic: z.string(),
      /** The system has a subscription for it. QuickBooks has none: what it tells is chosen in its portal. */
      isSubscribed: z.boolean(),
      receivedAt: at.nullable(),
      /** When the system had given its subscription up, and it was made anew. */
      lostAt: at.nullable(),
      problem: problem.nullable(),
    }),
  ),
});
export type ConnectionHookView = z.infer<typeof connectionHook>;

export const triggers = {
  readConnectionHook: endpoint({
    method: 'GET',
    path: '/api/credentials/:id/hook',
    summary: 'What a shop or a company in QuickBooks tells us by itself, and whether it does',
    permission: 'credentials.read',
    params: idParams,
    response: connectionHook,
  }),
  setHookKey: endpoint({
    method: 'PUT',
    path: '/api/credentials/:id/hook',
    summary: 'Enter what its messages are signed with; the key before stays good for an hour',
    permission: 'credentials.manage',
    params: idParams,
    body: z.strictObject({ key: z.string().trim().min(8, 'This is too short to be a key').max(500) }),
    response: done,
  }),
  checkConnectionHook: endpoint({
    method: 'POST',
    path: '/api/credentials/:id/hook/check',
    summary: 'Look now whether subscriptions are there and whether something was missed',
    permission: 'credentials.manage',
    params: idParams,
    response: done,
  }),
  readSheetWatch: endpoint({
    method: 'GET',
    path: '/api/flows/:id/sheet-watch',
    summary: 'How far a trigger of a Google sheet got; null while the flow is not live',
    permission: 'flows.read',
    params: idParams,
    query: z.strictObject({ node: z.string().min(1).max(80) }),
    response: z.object({
      watch: z
        .object({
          polledAt: at.nullable(),
          foundAt: at.nullable(),
          nextAt: at,
          rowCount: z.number().int().nullable(),
          /** Changed rows that start their runs with the next look. */
          leftOver: z.number().int(),
          problem: problem.nullable(),
        })
        .nullable(),
    }),
  }),
  readSpreadsheet: endpoint({
    method: 'GET',
    path: '/api/credentials/:id/spreadsheet',
    summary: 'The sheets of a spreadsheet in Google Sheets, and the columns of one of them',
    permission: 'credentials.read',
    params: idParams,
    query: z.strictObject({ spreadsheet: z.string().min(1).max(2_000), sheet: z.string().max(200).optional() }),
    response: z.object({ title: z.string(), sheets: z.array(z.string()), columns: z.array(z.string()) }),
  }),
};
