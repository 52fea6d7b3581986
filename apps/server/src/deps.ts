import type { AgentDesk } from '@holdfast/agents';
import type { Attachment, Catalog, JsonObject } from '@holdfast/node-kit';
import type { OverrideBody, tryOutcome } from '@holdfast/contracts';
import type { FlowFile } from '@holdfast/graph';
import type { Adapters, ChannelServices, InboundEvent } from '@holdfast/channels';
import type { Pool } from '@holdfast/db';
import type { Egress } from '@holdfast/egress';
import type { RepairRequest } from '@holdfast/runs';
import type { Secrets } from '@holdfast/secrets';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Auth } from './auth/auth.ts';
import type { Backups } from './backups/start-backups.ts';
import type { WebhookAnswer, WebhookCall } from './hooks/answer-call.ts';
import type { LiveHub } from './live/live-hub.ts';
import type { Mirrors } from './mirror/start-mirrors.ts';
import type { ServerMetrics } from './metrics.ts';
import type { TriggerSide } from './triggers/trigger-side.ts';

export interface Actor {
  id: string;
  name: string;
}
interface InWorkspace {
  workspaceId: string;
  by: Actor;
}

/** What packages/runs does for the API, in the API's words. */
export interface RunActions {
  /** One transaction: the event is in the inbox when this answers. */
  ingest: (
    channel: { id: string; workspaceId: string; kind: string },
    events: InboundEvent[],
    options?: { flowId?: string },
  ) => Promise<{ conversation: string; message: string }>;
  startManual: (args: InWorkspace & { flowId: string; input: JsonObject }) => Promise<{ run: string }>;
  startWebhook: (args: WebhookCall) => Promise<WebhookAnswer>;
  /** What was delivered begins another run, on what is live now. Throws flow.not-live. */
  replayDelivery: (args: {
    workspaceId: string;
    flowId: string;
    nodeId: string;
    replayOf: string;
    input: JsonObject;
  }) => Promise<{ run: string }>;
  /** The methods that start a run at this address. Throws resource.missing and flow.not-live. */
  webhookMethods: (path: string) => Promise<string[]>;
  override: (
    args: InWorkspace & { runId: string; body: OverrideBody },
  ) => Promise<{ id: string; state: 'applied' | 'accepted' | 'refused'; detail: string }>;
  /** Throws resource.missing, request.invalid and resource.conflict. */
  beginRepair: (args: InWorkspace & RepairRequest) => Promise<{ id: string; count: number }>;
  continueRepair: (args: InWorkspace & { id: string }) => Promise<void>;
  stopRepair: (args: InWorkspace & { id: string }) => Promise<void>;
  settleSend: (args: InWorkspace & { messageId: string; settle: 'arrived' | 'send-again' }) => Promise<void>;
  takeConversation: (args: InWorkspace & { conversationId: string }) => Promise<{ handoff: string }>;
  claimHandoff: (args: InWorkspace & { handoffId: string; takeOver?: boolean }) => Promise<void>;
  returnHandoff: (args: InWorkspace & { handoffId: string; note?: string }) => Promise<void>;
  closeHandoff: (args: InWorkspace & { handoffId: string; note?: string }) => Promise<void>;
  reply: (args: InWorkspace & { handoffId: string; text: string; attachments: Attachment[] }) => Promise<{ message: string }>;
  /** Ends its open runs and forgets its messages. */
  resetConversation: (args: InWorkspace & { conversationId: string }) => Promise<void>;
  /** Answers how many waits were skipped. */
  skipWaits: (args: InWorkspace & { conversationId: string }) => Promise<number>;
  tryStep: (args: { workspaceId: string; file: FlowFile; node: string; scope: JsonObject }) => Promise<z.input<typeof tryOutcome>>;
}

/** One harmless call to see whether something works. */
export interface Probes {
  credential: (args: { workspaceId: string; id: string }) => Promise<{ ok: boolean; detail: string }>;
}

export interface ServerDeps {
  pool: Pool;
  agents: AgentDesk;
  auth: Auth;
  secrets: Secrets;
  catalog: Catalog;
  runs: RunActions;
  triggers: Omit<TriggerSide, 'stop'>;
  channels: ChannelServices;
  /** For test messages only; everything else leaves through delivery. */
  adapters: Adapters;
  probes: Probes;
  egress: Egress;
  alerts: {
    test: (route: {
      workspaceId: string;
      kind: 'telegram' | 'email' | 'webhook';
      target: JsonObject;
    }) => Promise<{ ok: boolean; detail: string }>;
  };
  backups: Pick<Backups, 'begin'>;
  mirrors: Pick<Mirrors, 'test'>;
  live: LiveHub;
  metrics: ServerMetrics;
  logger: Logger;
  /** HOLDFAST_PUBLIC_URL, without a slash at the end. */
  publicUrl: string | null;
  /** Where the bundled demo service listens. */
  demoUrl: string | null;
  version: string;
  isTemporalUp: () => Promise<boolean>;
  now: () => Date;
}
