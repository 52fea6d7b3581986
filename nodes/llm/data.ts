import { jsonValue, type JsonObject, type JsonValue, type LlmAnswer } from '@holdfast/node-kit';
import { z } from 'zod';

/** The JSON of an answer; models that have no structured output wrap it in a code fence now and then. */
export function parseData(answer: Pick<LlmAnswer, 'text' | 'data'>): JsonValue {
  if (answer.data !== undefined) return answer.data;
  try {
    return jsonValue.parse(JSON.parse(withoutFence(answer.text.trim())));
  } catch {
    return null;
  }
}

/** Without a pattern over the whole: one that looks for both ends takes minutes over an answer that is full of blanks. */
function withoutFence(text: string): string {
  const start = /^```(?:json)?/.exec(text)?.[0];
  return start !== undefined && text.endsWith('```') ? text.slice(start.length, Math.max(start.length, text.length - 3)) : text;
}

/** What is wrong with an answer's data, in one sentence for the model; null when it fits. */
export function checkData(answer: Pick<LlmAnswer, 'text' | 'data'>, schema: JsonObject): string | null {
  const data = parseData(answer);
  if (data === null) return 'it is not JSON.';
  const checked = z.fromJSONSchema(schema).safeParse(data);
  if (checked.success) return null;
  return checked.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}.`)
    .join(' ');
}
