import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readText } from './http-service.ts';
import { closed, listen } from './listen.ts';

/** How a model behaves. Texts and shapes as the providers' references give them (November 2026). */
export type LlmBehaviour =
  | { answer: string; inputTokens?: number; outputTokens?: number; afterMs?: number }
  /** Claude: `overloaded_error`, 529. */
  | 'overloaded'
  /** 429 with retry-after. */
  | { limitedForSeconds: number }
  /** 429 without retry-after: the month's budget is used up. */
  | 'spend-cap'
  | 'wrong-key'
  | 'decommissioned'
  | 'refusal'
  /** Thinks until its tokens are used up and writes nothing. */
  | 'thinks-only'
  /** A server that knows no JSON schemas: 400 as soon as one is asked for. */
  | { noSchemas: string }
  | 'server-error'
  | 'hang'
  | 'cut'
  | 'half-json';

export interface LlmQuestion {
  provider: 'claude' | 'openai';
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

export interface FakeLlm {
  url: string;
  readonly questions: readonly LlmQuestion[];
  /** One behaviour per question, the last one for ever. */
  behave: (...behaviours: LlmBehaviour[]) => void;
  close: () => Promise<void>;
}

/**
 * Claude's Messages API (2026-10-21) and chat completions as Groq and OpenAI-compatible servers have them, on a real
 * socket, for what their happy-path stand-ins don't do: overload, spent budgets, refused parameters, silence.
 */
export async function startFakeLlm(): Promise<FakeLlm> {
  const questions: LlmQuestion[] = [];
  let plan: LlmBehaviour[] = [{ answer: 'Hello.' }];
  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const path = request.url ?? '/';
      const body: Record<string, unknown> = JSON.parse(text || '{}');
      const provider = path.endsWith('/messages') ? ('claude' as const) : ('openai' as const);
      questions.push({ provider, path, headers: request.headers, body });
      const behaviour = plan.length > 1 ? plan.shift() : plan[0];
      reply({ provider, body, headers: request.headers, response }, behaviour ?? 'server-error');
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    questions,
    behave: (...behaviours) => {
      plan = behaviours;
    },
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

interface Call {
  provider: 'claude' | 'openai';
  body: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  response: ServerResponse;
}

function write({ response }: Call, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_fake', ...headers });
  response.end(JSON.stringify(body));
}

function fail(
  call: Call,
  status: number,
  error: { type: string; message: string; code?: string; errorCode?: string },
  headers: Record<string, string> = {},
): void {
  const { errorCode, ...rest } = error;
  const claude = {
    type: 'error',
    error: { type: error.type, message: error.message, ...(errorCode ? { details: { error_code: errorCode } } : {}) },
    request_id: 'req_fake',
  };
  write(call, status, call.provider === 'claude' ? claude : { error: rest }, headers);
}

function answer(call: Call, text: string, given: { input: number; output: number; stop: 'end' | 'refusal' | 'length' }): void {
  const stop = { end: ['end_turn', 'stop'], refusal: ['refusal', 'content_filter'], length: ['max_tokens', 'length'] } as const;
  const model = call.body['model'];
  if (call.provider === 'claude') {
    const usage = { input_tokens: given.input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: given.output };
    write(call, 200, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model,
      content: text === '' ? [] : [{ type: 'text', text }],
      stop_reason: stop[given.stop][0],
      stop_details: given.stop === 'refusal' ? { type: 'refusal', category: 'other' } : null,
      usage,
    });
  } else {
    write(call, 200, {
      id: 'chatcmpl_1',
      object: 'chat.completion',
      created: 1,
      model,
      choices: [{ index: 0, finish_reason: stop[given.stop][1], message: { role: 'assistant', content: text } }],
      usage: { prompt_tokens: given.input, completion_tokens: given.output, total_tokens: given.input + given.output },
    });
  }
}

/** What Claude refuses since 2026-10-21, even at its default. */
const gone = ['temperature', 'top_p', 'top_k'];

function reply(call: Call, behaviour: LlmBehaviour): void {
  const extra = call.provider === 'claude' ? gone.find((name) => name in call.body) : undefined;
  if (extra !== undefined) return fail(call, 400, { type: 'invalid_request_error', message: `${extra}: Extra inputs are not permitted` });
  if (typeof behaviour === 'object') return replyAsTold(call, behaviour);
  switch (behaviour) {
    case 'overloaded':
      return fail(call, 529, { type: 'overloaded_error', message: 'Overloaded' });
    case 'spend-cap':
      return fail(call, 429, {
        type: 'rate_limit_error',
        message: 'You have reached your specified API usage limits.',
        code: 'insufficient_quota',
        errorCode: 'enforced_spend_limit_reached',
      });
    case 'wrong-key':
      return fail(call, 401, {
        type: 'authentication_error',
        message: `invalid key ${String(call.headers['authorization'] ?? call.headers['x-api-key']).replace('Bearer ', '')}`,
        code: 'invalid_api_key',
      });
    case 'decommissioned':
      return fail(call, 400, {
        type: 'invalid_request_error',
        message: 'The model has been decommissioned and is no longer supported.',
        code: 'model_decommissioned',
      });
    case 'refusal':
      return answer(call, '', { input: 10, output: 1, stop: 'refusal' });
    case 'thinks-only':
      return answer(call, '', { input: 10, output: 100, stop: 'length' });
    case 'server-error':
      return fail(call, 500, { type: 'api_error', message: 'Internal server error' });
    case 'hang':
      return undefined;
    case 'cut':
      return void call.response.socket?.destroy();
    case 'half-json':
      call.response.writeHead(200, { 'content-type': 'application/json' });
      return void call.response.end('{"id":"msg_1","content":[{"ty');
  }
}

function replyAsTold(call: Call, behaviour: Extract<LlmBehaviour, object>): void {
  if ('limitedForSeconds' in behaviour)
    return fail(
      call,
      429,
      { type: 'rate_limit_error', message: 'Rate limit reached', code: 'rate_limit_exceeded' },
      { 'retry-after': String(behaviour.limitedForSeconds) },
    );
  if ('noSchemas' in behaviour) {
    if ('response_format' in call.body)
      return fail(call, 400, { type: 'invalid_request_error', message: 'response_format json_schema is not supported' });
    return answer(call, behaviour.noSchemas, { input: 10, output: 5, stop: 'end' });
  }
  const send = () =>
    answer(call, behaviour.answer, { input: behaviour.inputTokens ?? 10, output: behaviour.outputTokens ?? 5, stop: 'end' });
  if (behaviour.afterMs === undefined) send();
  else setTimeout(send, behaviour.afterMs);
}
