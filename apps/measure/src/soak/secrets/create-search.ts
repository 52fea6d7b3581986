import { waysToWrite } from './ways-to-write.ts';

/** By name: the text that must be nowhere. */
export type Secrets = Readonly<Record<string, string>>;
/** The names of those that stand in it, in whatever way of writing. */
export type Search = (content: Buffer | string) => string[];

interface Needle {
  name: string;
  bytes: Buffer;
}

/** One pass over the content however many secrets there are: a database's files are large. */
export function createSearch(secrets: Secrets): Search {
  const byStart = new Map<number, Needle[]>();
  // Whether any of them starts with these three bytes.
  const isStart = new Uint8Array(1 << 24);
  for (const [name, secret] of Object.entries(secrets))
    for (const text of waysToWrite(secret)) {
      const bytes = Buffer.from(text);
      if (bytes.length < 4) throw new Error(`${name} is too short to be looked for.`);
      const start = bytes.readUIntBE(0, 3);
      isStart[start] = 1;
      byStart.set(start, [...(byStart.get(start) ?? []), { name, bytes }]);
    }
  return (given) => {
    const content = typeof given === 'string' ? Buffer.from(given) : given;
    const found = new Set<string>();
    let start = 0;
    for (let end = 0; end < content.length; end += 1) {
      start = ((start << 8) | (content[end] ?? 0)) & 0xff_ff_ff;
      if (isStart[start] === 0 || end < 2) continue;
      for (const { name, bytes } of byStart.get(start) ?? [])
        if (bytes.compare(content, end - 2, Math.min(end - 2 + bytes.length, content.length)) === 0) found.add(name);
    }
    return [...found];
  };
}
