/**
 * How a sentence is made: the English sentence with `{1}`, `{2}` where values stand, and the values. The key is its code, which translations are found by
 * (`apps/editor/src/i18n/es/said`); a value that is a sentence of ours itself is found in the same way.
 */
export type Saying = { key: string; values: (string | Saying)[] };

/** A sentence of ours, or plain text: a sentence without values is its own key. */
export type Words = string | Said;

/** An English sentence that knows how it was made. Wherever a string is wanted it is the sentence. */
export class Said {
  readonly text: string;
  readonly saying: Saying;

  constructor(text: string, saying: Saying) {
    this.text = text;
    this.saying = saying;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** Writes a sentence with values for people, so that it can be read in another language too. The values hold no secret: they are shown and stored. */
export function say(parts: TemplateStringsArray, ...values: (Words | number)[]): Said {
  const [first = '', ...rest] = parts;
  return new Said(
    rest.reduce((text, part, index) => `${text}${String(values[index])}${part}`, first),
    {
      key: rest.reduce((key, part, index) => `${key}{${index + 1}}${part}`, first),
      values: values.map((value) => (value instanceof Said ? value.saying : String(value))),
    },
  );
}

/** The same words with every value changed: cut short, cleaned, a secret taken out. */
export function mapWords(words: Words, change: (text: string) => string): Words {
  const mapped = (saying: Saying): Saying => ({
    ...saying,
    values: saying.values.map((value) => (typeof value === 'string' ? change(value) : mapped(value))),
  });
  return typeof words === 'string' ? change(words) : new Said(change(words.text), mapped(words.saying));
}
