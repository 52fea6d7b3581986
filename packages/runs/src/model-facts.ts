import { sumLlmCalls, type Pool } from '@holdfast/db';
import type { StepSend } from '@holdfast/delivery';
import type { RunState, StepState } from '@holdfast/graph';
import { toPlainText } from '@holdfast/messages';
import { isJsonObject, type OutgoingMessage } from '@holdfast/node-kit';

/** The model behind what is to be said, with its tokens and cost: when the words of a model's answer in this run stand in the message. */
export async function modelFacts(
  pool: Pool,
  { workspaceId, state, message }: { workspaceId: string; state: RunState; message: Pick<OutgoingMessage, 'text' | 'format'> },
): Promise<StepSend['facts']> {
  const words = bare(toPlainText(message.text, message.format));
  const said = [...state.steps.values()].flatMap(answerOf).findLast(({ text }) => words.includes(bare(text)));
  if (!said) return undefined;
  const figures = await sumLlmCalls(pool, { workspaceId, stepId: said.step });
  return { model: said.model, ...figures };
}

const bare = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

/** What a model said in a step. Few words prove nothing: "yes" stands in many messages. */
function answerOf({ step, status, output }: StepState): { step: string; text: string; model: string }[] {
  if (status !== 'ended' || !isJsonObject(output)) return [];
  const { text, model } = output;
  return typeof text === 'string' && typeof model === 'string' && bare(text).length >= 8 ? [{ step, text, model }] : [];
}
