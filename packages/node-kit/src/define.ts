import type { z } from 'zod';
import type { DatabaseAnswer } from './database.ts';
import type { Duration } from './duration.ts';
import { expectedActivity } from './expected-activity.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { InboundMessage, OutgoingMessage } from './messages.ts';
import type { Scope } from './scope.ts';
import type { TemplateDefinition } from './template-fields.ts';

/** One hue each on the canvas; the palette groups by it. */
export const categories = ['start', 'understand', 'talk', 'act', 'systems', 'decide', 'wait', 'people'] as const;
export type Category = (typeof categories)[number];
export type NodeKind = 'trigger' | 'pure' | 'effect' | 'wait';

export interface Port {
  label: string;
  /** The linter refuses to publish while nothing is connected here. */
  mandatory?: boolean;
  /** What leaves here is an unhappy ending; drawn in the warning colour. */
  unhappy?: boolean;
}
export type Ports = Record<string, Port>;

/** How often and how fast a failed effect is tried again. Temporal runs it; jitter is added by us. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  maxAttempts: number;
  firstDelay: Duration;
  factor: number;
  maxDelay: Duration;
}

/** What an effect does instead when its attempts are used up, in this order. */
export type Fallback = { kind: 'second' } | { kind: 'stale'; for: Duration } | { kind: 'default' } | { kind: 'keep' };

/** Where staff have a step kept, for when its service is back: which line it waits in, and what it may not pass there. */
export interface Keeping {
  /** Steps kept for one provider with the same key never pass each other; '' holds up none. */
  orderKey: string;
  /** Where its calls go, as they name it. */
  to: { credential?: string; url: string };
}

/** A step's result: by which port it is left and what later steps can read as `nodes.<id>`. */
export interface Outcome<Output = JsonValue> {
  port: string;
  output: Output;
}

export interface Sample {
  name: string;
  config: JsonObject;
  input?: Partial<Scope>;
  /** For waits: what wakes it. */
  event?: WaitEvent;
  /** For nodes that count their visits (1 is the first). */
  visit?: number;
  expect: { port: string; output?: JsonValue };
  /** For effects: what the outside world answers, by method and address. The sample test serves it on a real socket. */
  world?: { request: string; status: number; body?: JsonValue; headers?: Record<string, string> }[];
  /** For effects: the answer of the model, when the sample calls one. */
  model?: { text: string };
  /** For effects: what the database answers, when the sample asks one. */
  database?: DatabaseAnswer;
}

/** Facts about the workspace that a design-time check may need; all optional, so a check must cope without. */
export interface CheckWorld {
  credentials: { id: string; name: string; kind: string }[];
  channels: { id: string; name: string; kind: string }[];
  variables: string[];
  /** Approved texts of channels that know such a thing; left out where they are not known. */
  templates?: KnownTemplate[];
}

export interface KnownTemplate extends TemplateDefinition {
  channelId: string;
  name: string;
  language: string;
  /** In small letters, as the provider names it: approved, pending, paused, … */
  status: string;
}

/** A node's own finding about its config, beyond what the schema says. */
export interface ConfigFinding {
  field: string;
  severity: 'error' | 'warning';
  reason: string;
  fix: string;
}

/** Settings to begin with, offered in the editor: what people make most often. Its texts are translated like the definition's. */
export interface Preset {
  name: string;
  config: JsonObject;
}

interface Base<Config extends z.ZodObject> {
  /** Stable, kebab-case; what the flow file holds. */
  type: string;
  typeVersion: number;
  title: string;
  /** One sentence for the palette. */
  summary: string;
  /** A Tabler icon's name in kebab-case. */
  icon: string;
  category: Category;
  config: Config;
  /** Named exits, in the order they are drawn. May depend on the config. */
  ports: Ports | ((config: z.infer<Config>) => Ports);
  output?: z.ZodType;
  /** The same as JSON schema where only the config tells, of any draft; for the data picker. Null where it tells nothing. */
  outputSchema?: (config: JsonObject) => JsonObject | null;
  samples: readonly Sample[];
  presets?: readonly Preset[];
  /** Two lines at most for the canvas, computed from the config; never a type name. */
  describe?: (config: z.infer<Config>) => string;
  /** The message that it sends, of a config with its texts filled in: for previews per channel and for what the checks say about channels. */
  says?: (config: z.infer<Config>) => OutgoingMessage;
  /** Design-time findings that the schema can't express. */
  check?: (config: z.infer<Config>, world: CheckWorld) => ConfigFinding[];
  /** Brings a draft's older config to this typeVersion. */
  migrate?: (config: JsonObject, fromVersion: number) => JsonObject;
  /** Words that the palette's search finds this node by. */
  keywords?: readonly string[];
  /** Only added from an imported service, with its operation: by itself it is in no palette. */
  comesFrom?: 'service';
  /** A pasted cURL command can fill its config in. */
  takes?: 'curl';
  /** A cycle through this node is bounded by itself (it counts its visits, or waits for a person); the linter asks for one in every cycle. */
  boundsCycles?: boolean;
}

export type TriggerSource = 'channel' | 'webhook' | 'schedule' | 'connection';

export interface TriggerDefinition<Config extends z.ZodObject = z.ZodObject> extends Base<Config> {
  kind: 'trigger';
  source: TriggerSource;
  /**
   * Channel triggers: how specifically this trigger asks for an event; null when it doesn't match. The most specific flow
   * gets the message, then the order set by staff.
   */
  match?: (config: z.infer<Config>, event: ChannelEvent) => number | null;
}

/** What a channel trigger can match on. */
export interface ChannelEvent {
  channelId: string;
  channelKind: string;
  isGroup: boolean;
  messages: InboundMessage[];
}

export interface PureDefinition<Config extends z.ZodObject = z.ZodObject> extends Base<Config> {
  kind: 'pure';
  /** Computes at once; config arrives with its templates rendered. Same input, same outcome: no clock, no randomness. */
  evaluate: (input: { config: z.infer<Config>; scope: Scope }) => Outcome;
  /** Only `join`: waits for all branches, or goes on with the first and swallows the rest. The interpreter does the counting. */
  joins?: (config: z.infer<Config>) => 'all' | 'any';
}

export interface EffectDefinition<Config extends z.ZodObject = z.ZodObject> extends Base<Config> {
  kind: 'effect';
  retry: RetryPolicy | ((config: z.infer<Config>) => RetryPolicy);
  /** Upper bound of one attempt. */
  timeout: Duration | ((config: z.infer<Config>) => Duration);
  /** For the sentence that tells people what happens when it fails; the runner does it. */
  fallbacks?: (config: z.infer<Config>) => Fallback[];
  /**
   * Null where it is not kept. Else the whole step, as its config was rendered, is carried out when its provider takes it: with its own idempotency key, and with
   * its credential as it is then. Needs a port `kept`; what leaves by an unhappy port then is for a person.
   */
  keeps?: (config: z.infer<Config>) => Keeping | null;
  /** False where an attempt whose outcome is unknown must not be made again; repeatable when left out. */
  isRepeatable?: (config: z.infer<Config>) => boolean;
  /** The inspector shows what it makes: by trying the step, whose output then names the `file`. */
  makes?: 'pdf';
  /** `slow` effects (transcription, documents, bulk) always get an activity of their own. */
  pace?: 'quick' | 'slow';
}

export type WaitFor = 'reply' | 'handoff' | 'timer' | 'event';

/** What a wait asks for; or that it needs no waiting at all. */
export type WaitPlan =
  | { leave: Outcome }
  | {
      waitFor: WaitFor;
      /** Sent once, before the wait opens. */
      say?: OutgoingMessage;
      /** How long at most; null waits until somebody acts. */
      timeout: Duration | null;
      /** The port taken when the time is over. For `timer` this is the normal way out. */
      timeoutPort: string;
      /** For handoffs: why a person is needed and what is known; shown in the inbox. */
      reason?: string;
      details?: JsonObject;
    };

export type WaitEvent =
  | { kind: 'reply'; messages: InboundMessage[] }
  | { kind: 'handoff'; outcome: 'returned' | 'closed'; by: string; note?: string }
  | { kind: 'timeout' }
  | { kind: 'event'; data: JsonValue };

export interface WaitDefinition<Config extends z.ZodObject = z.ZodObject> extends Base<Config> {
  kind: 'wait';
  /** `visit` counts how often the run came here since its start or last jump, 1 at first. `now` is ISO time. */
  plan: (input: { config: z.infer<Config>; scope: Scope; visit: number; now: string; random: number }) => WaitPlan;
  /**
   * Turns what woke the wait into an outcome; a timeout takes the plan's `timeoutPort` without asking. `say` answers and keeps
   * waiting ("Please write a number"); null keeps waiting in silence. `tries` counts the answers so far, 1 at the first.
   */
  resolve: (input: { config: z.infer<Config>; scope: Scope; event: WaitEvent; tries: number }) => Outcome | { say: OutgoingMessage } | null;
}

export type NodeDefinition = TriggerDefinition | PureDefinition | EffectDefinition | WaitDefinition;
/** Every node type by its `type`. One exists: nodes/catalog.ts; tests build their own. */
export type Catalog = Readonly<Record<string, NodeDefinition>>;

type Given<D> = Omit<D, 'kind'>;
/** Every trigger may say what is expected of it: silence is a failure too. Nothing that a definition does reads it, so its config's type stays. */
export const defineTrigger = <C extends z.ZodObject>(given: Given<TriggerDefinition<C>>) =>
  ({ kind: 'trigger', ...given, config: given.config.extend(expects) as unknown as C }) as const satisfies TriggerDefinition<C>;
const expects = {
  expects: expectedActivity.optional().meta({
    title: 'Expected activity',
    description: 'When fewer runs begin than this, people are told.',
    widget: 'expected-activity',
    advanced: true,
  }),
};
export const definePure = <C extends z.ZodObject>(given: Given<PureDefinition<C>>) =>
  ({ kind: 'pure', ...given }) as const satisfies PureDefinition<C>;
export const defineEffect = <C extends z.ZodObject>(given: Given<EffectDefinition<C>>) =>
  ({ kind: 'effect', ...given }) as const satisfies EffectDefinition<C>;
export const defineWait = <C extends z.ZodObject>(given: Given<WaitDefinition<C>>) =>
  ({ kind: 'wait', ...given }) as const satisfies WaitDefinition<C>;

/** The ports of a node with this config. */
export const portsOf = (definition: NodeDefinition, config: JsonObject): Ports =>
  typeof definition.ports === 'function' ? definition.ports(config) : definition.ports;

/** A step whose work is a call to a service or a model: one whose failures can be rehearsed. What talks to customers goes through their channel, and what makes documents stays in the house. */
export const callsService = ({ kind, category }: Pick<NodeDefinition, 'kind' | 'category'>): boolean =>
  kind === 'effect' && category !== 'talk' && category !== 'act';
