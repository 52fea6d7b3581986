import type { Fetch, FetchOptions, ResolvedCredential } from '@holdfast/egress';
import { HoldfastError, type Problem, say, toProblem } from '@holdfast/errors';
import type { JsonObject, LlmAnswer, LlmRequest } from '@holdfast/node-kit';
import { explainFailure } from './explain-failure.ts';
import { costMicroUsd, type ModelPrice } from './prices.ts';
import type { Provider, ProviderAnswer, ProviderName } from './provider.ts';
import { askClaude } from './providers/claude.ts';
import { askGroq } from './providers/groq.ts';
import { askOpenAiCompatible } from './providers/openai-compatible.ts';

/** A call as it is recorded, answered or not. */
export interface LlmCall {
  workspaceId: string;
  runId: string | null;
  stepId: string | null;
  provider: ProviderName;
  model: string;
  rung: number;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  latencyMs: number;
  usage: JsonObject;
  problem: Problem | null;
}

export interface LlmDeps {
  credentials: {
    /** Opens a credential by id, or the workspace's first of this kind; null when there is none. */
    find: (workspaceId: string, provider: ProviderName, id?: string) => Promise<ResolvedCredential | null>;
  };
  /** `fetchFor` of the egress. */
  fetchFor: (options: FetchOptions) => Fetch;
  /** The workspace's own prices; the shipped list stands behind them. */
  prices?: (workspaceId: string) => Promise<readonly ModelPrice[]>;
  record: (call: LlmCall) => Promise<void>;
  /** Around each call: limits, pause and breaker of the key's account. Throws when it can't go now; nothing was asked then. */
  guard?: (
    call: GuardedCall,
    perform: () => Promise<Heard>,
    headersOf: (heard: Heard) => Readonly<Record<string, string>>,
  ) => Promise<Heard>;
  /** HOLDFAST_GROQ_API_URL and HOLDFAST_ANTHROPIC_API_URL; a credential's own base URL goes before them. */
  baseUrls?: { groq?: string | undefined; claude?: string | undefined };
  now?: () => Date;
}

interface GuardedCall {
  workspaceId: string;
  key: string;
  name?: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** An answer, and what its provider said of what is left. */
interface Heard {
  answer: ProviderAnswer;
  headers: Readonly<Record<string, string>>;
}

export interface LlmCaller {
  workspaceId: string;
  runId?: string;
  stepId?: string;
  signal?: AbortSignal;
}

export interface Llm {
  /** One attempt with one model. Throws llm.no-key, llm.unusable-answer, and upstream.* as its table says. */
  complete: (request: LlmRequest, caller: LlmCaller) => Promise<LlmAnswer>;
}

const providers: Record<ProviderName, Provider> = { groq: askGroq, claude: askClaude, 'openai-compatible': askOpenAiCompatible };
const homes = { groq: 'https://api.groq.com', claude: 'https://api.anthropic.com' } as const;
const titles = { groq: 'Groq', claude: 'Claude', 'openai-compatible': 'an OpenAI-compatible server' } as const;

async function openKey(deps: LlmDeps, request: LlmRequest, workspaceId: string): Promise<ResolvedCredential> {
  const found = await deps.credentials.find(workspaceId, request.provider, request.credential);
  if (found?.kind === request.provider) return found;
  const detail = found
    ? say`"${found.name ?? ''}" is no key for ${titles[request.provider]}.`
    : say`There is no key for ${titles[request.provider]}, so ${request.model} was not asked.`;
  throw new HoldfastError('llm.no-key', { detail, hint: 'Add one under Connections.' });
}

function baseUrlOf(deps: LlmDeps, request: LlmRequest, key: ResolvedCredential): string {
  if (key.baseUrl) return key.baseUrl.replace(/\/+$/, '');
  if (request.provider !== 'openai-compatible') return (deps.baseUrls?.[request.provider] ?? homes[request.provider]).replace(/\/+$/, '');
  throw new HoldfastError('llm.no-key', {
    detail: say`The connection "${key.name ?? ''}" has no address, so ${request.model} was not asked.`,
    hint: 'Open it and enter the address of your server, with /v1 at its end.',
  });
}

interface Metered {
  answer: ProviderAnswer | null;
  failure: HoldfastError | null;
  latencyMs: number;
}

/** Throws what kept it from being asked at all. */
async function ask(deps: LlmDeps, request: LlmRequest, caller: LlmCaller): Promise<Metered> {
  const now = deps.now ?? (() => new Date());
  const key = await openKey(deps, request, caller.workspaceId);
  const baseUrl = baseUrlOf(deps, request, key);
  const guarded: GuardedCall = {
    workspaceId: caller.workspaceId,
    key: key.provider ?? `${request.provider}:${request.credential ?? 'first'}`,
    timeoutMs: request.timeoutMs,
    ...(key.name === undefined ? {} : { name: key.name }),
    ...(caller.signal ? { signal: caller.signal } : {}),
  };
  const { guard = (_call, perform) => perform() } = deps;
  const begun: { at?: number } = {};
  const sinceBegun = () => now().getTime() - (begun.at ?? now().getTime());
  const perform = () => {
    begun.at = now().getTime();
    return askOnce(deps, request, { key, baseUrl, caller });
  };
  try {
    const { answer } = await guard(guarded, perform, ({ headers }) => headers);
    return { answer, failure: null, latencyMs: sinceBegun() };
  } catch (thrown) {
    if (begun.at === undefined || !(thrown instanceof HoldfastError)) throw thrown;
    return { answer: null, failure: thrown, latencyMs: sinceBegun() };
  }
}

/** The one attempt. Throws its failure in our codes. */
async function askOnce(
  deps: LlmDeps,
  request: LlmRequest,
  { key, baseUrl, caller }: { key: ResolvedCredential; baseUrl: string; caller: LlmCaller },
): Promise<Heard> {
  const apiKey = key.secret['apiKey'] ?? '';
  const { fetch, headers } = hearing(
    deps.fetchFor({
      trustedBaseUrl: baseUrl,
      timeoutMs: request.timeoutMs,
      secrets: [apiKey],
      ...(key.via ? { way: { way: key.via, hosts: [new URL(baseUrl).host] } } : {}),
    }),
  );
  try {
    const answer = await providers[request.provider]({
      request,
      apiKey,
      baseUrl,
      fetch,
      ...(caller.signal ? { signal: caller.signal } : {}),
    });
    return { answer, headers };
  } catch (thrown) {
    throw explainFailure(thrown, request, { apiKey, now: (deps.now ?? (() => new Date()))().getTime() });
  }
}

/** The SDKs answer without headers, where providers say how much is left. */
function hearing(given: Fetch): { fetch: Fetch; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  return {
    headers,
    fetch: async (...call) => {
      const response = await given(...call);
      Object.assign(headers, Object.fromEntries(response.headers));
      return response;
    },
  };
}

/** Language models behind one call: keys opened last, one attempt, every call recorded with tokens, cost and latency. */
export function createLlm(deps: LlmDeps): Llm {
  return {
    complete: async (request, caller) => {
      const { answer, failure, latencyMs } = await ask(deps, request, caller);
      const { provider, model, rung } = request;
      const tokens = { inputTokens: answer?.inputTokens ?? 0, outputTokens: answer?.outputTokens ?? 0 };
      const prices = (await deps.prices?.(caller.workspaceId)) ?? [];
      const figures = {
        ...tokens,
        costMicroUsd: costMicroUsd({ provider, model, ...tokens }, prices, (deps.now?.() ?? new Date()).toISOString().slice(0, 10)),
        latencyMs,
      };
      await deps.record({
        workspaceId: caller.workspaceId,
        runId: caller.runId ?? null,
        stepId: caller.stepId ?? null,
        provider,
        model,
        rung,
        ...figures,
        usage: answer?.usage ?? {},
        problem: failure ? toProblem(failure) : null,
      });
      if (failure) throw failure;
      return { text: answer?.text ?? '', provider, model, ...figures };
    },
  };
}
