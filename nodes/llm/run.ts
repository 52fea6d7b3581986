import { asHoldfastError, HoldfastError, say, toProblem } from '@holdfast/errors';
import {
  implement,
  parseDuration,
  type EffectContext,
  type JsonObject,
  type LlmAnswer,
  type LlmRequest,
  type Outcome,
} from '@holdfast/node-kit';
import type { z } from 'zod';
import { checkData, parseData } from './data.ts';
import { llm, type Rung } from './node.ts';
import { buildPrompt } from './prompt.ts';
import { readSchema } from './schema-text.ts';

type Config = z.infer<typeof llm.config>;

/** What became of every rung, for the run view. */
type Climb = { answer: LlmAnswer | null; rungs: JsonObject[]; problems: HoldfastError[] };

const figures = (answer: LlmAnswer): JsonObject => ({
  inputTokens: answer.inputTokens,
  outputTokens: answer.outputTokens,
  costMicroUsd: answer.costMicroUsd,
  latencyMs: answer.latencyMs,
});

const addUp = (first: LlmAnswer, second: LlmAnswer): LlmAnswer => ({
  ...second,
  inputTokens: first.inputTokens + second.inputTokens,
  outputTokens: first.outputTokens + second.outputTokens,
  costMicroUsd: first.costMicroUsd + second.costMicroUsd,
  latencyMs: first.latencyMs + second.latencyMs,
});

/** One rung; an answer that misses the schema is sent back once, with what was wrong. */
async function askRung(request: LlmRequest, context: EffectContext): Promise<LlmAnswer> {
  const answer = await context.llm.complete(request);
  const { schema } = request;
  if (!schema) {
    if (answer.text.trim() === '') throw new HoldfastError('llm.unusable-answer', { detail: say`${request.model} answered with nothing.` });
    return answer;
  }
  const fault = checkData(answer, schema);
  if (fault === null) return { ...answer, data: parseData(answer) };
  const repaired = await context.llm.complete({
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', content: answer.text || '(nothing)' },
      { role: 'user', content: `That does not fit the schema: ${fault} Answer again with JSON only.` },
    ],
  });
  const left = checkData(repaired, schema);
  if (left !== null)
    throw new HoldfastError('llm.unusable-answer', {
      detail: say`${request.model} answered twice with data that misses the schema: ${left}`,
    });
  return { ...addUp(answer, repaired), data: parseData(repaired) };
}

const requestOf = (config: Config, item: Rung, index: number, context: EffectContext): LlmRequest => {
  const schema = config.answerAs === 'data' ? readSchema(config.schema) : null;
  return {
    provider: item.provider,
    model: item.model,
    ...(item.credential ? { credential: item.credential } : {}),
    ...buildPrompt(config, context.scope),
    ...(schema ? { schema } : {}),
    maxTokens: config.maxTokens,
    timeoutMs: parseDuration(item.timeout),
    rung: index + 1,
  };
};

/** Asks one model after another until one answers. */
async function climb(config: Config, context: EffectContext): Promise<Climb> {
  const rungs: JsonObject[] = [];
  const problems: HoldfastError[] = [];
  for (const [index, item] of config.ladder.entries()) {
    if (context.signal.aborted) throw new HoldfastError('step.timeout', { detail: 'The step was stopped before a model answered.' });
    const named = { provider: item.provider, model: item.model };
    try {
      const answer = await askRung(requestOf(config, item, index, context), context);
      rungs.push({ ...named, result: 'answered', ...figures(answer) });
      return { answer, rungs, problems };
    } catch (thrown) {
      const error = asHoldfastError(thrown, 'step.crashed');
      problems.push(error);
      // Shown as data: how its sentence was made would only be noise.
      const { said: _said, ...problem } = toProblem(error);
      rungs.push({ ...named, result: error.code === 'llm.no-key' ? 'skipped' : 'failed', problem });
    }
  }
  return { answer: null, rungs, problems };
}

async function commonAnswer(config: Config, context: EffectContext): Promise<Outcome | null> {
  const found = await context.store.findCommonAnswer(config.question, context.scope.contact?.language || undefined);
  if (!found) return null;
  context.note({ source: 'common', commonAnswer: found.id, score: found.score });
  return { port: 'answered', output: { text: found.answer, data: null, source: 'common', provider: null, model: null, answer: found.id } };
}

function answered(answer: LlmAnswer): Outcome {
  const { provider, model, text } = answer;
  return { port: 'answered', output: { text: text.trim(), data: answer.data ?? null, source: 'model', provider, model, answer: null } };
}

/** Throws when the whole list is worth another try and one is left. */
function tryAgain({ problems }: Climb, context: EffectContext): void {
  const passing = problems.find((problem) => problem.meaning.retry === 'later');
  if (passing && !context.isLastAttempt) throw passing;
}

export const runLlm = implement(llm, async ({ config, context }) => {
  const canUseCommon = config.commonAnswers !== 'off' && config.answerAs === 'text';
  const first = canUseCommon && config.commonAnswers === 'first' ? await commonAnswer(config, context) : null;
  if (first) return first;
  const climbed = await climb(config, context);
  const { answer, rungs } = climbed;
  const asked = rungs.filter((item) => item['result'] !== 'skipped').length;
  context.note({
    rungs,
    modelSwitches: Math.max(0, asked - 1),
    ...(answer ? { source: 'model', provider: answer.provider, model: answer.model, ...figures(answer) } : {}),
  });
  if (answer) return answered(answer);
  tryAgain(climbed, context);
  const common = canUseCommon && config.commonAnswers === 'last' ? await commonAnswer(config, context) : null;
  if (common) return common;
  context.note({ source: 'none' });
  return { port: 'review', output: { text: '', data: null, source: 'none', provider: null, model: null, answer: null } };
});
