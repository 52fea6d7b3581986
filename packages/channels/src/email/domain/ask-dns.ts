import { Resolver } from 'node:dns/promises';

/** TXT records of a name, each put together; empty: there are none; null: nobody answered. */
export type AskTxt = (name: string) => Promise<string[] | null>;

const patienceMs = 3_000;
const mostRecords = 30;
const longestRecord = 4_000;

/** Asks the machine's own name servers. Never throws. */
export const askSystemDns: AskTxt = async (name) => {
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  try {
    const records = await resolver.resolveTxt(name);
    return records.slice(0, mostRecords).map((parts) => parts.join('').slice(0, longestRecord));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENODATA' || code === 'ENOTFOUND' ? [] : null;
  }
};

/** As many questions as one domain's check may ask; beyond them nobody answers. Each name is asked once. */
export function askWithin(ask: AskTxt, most: number): AskTxt {
  const asked = new Map<string, Promise<string[] | null>>();
  return (name) => {
    const key = name.toLowerCase().replace(/\.$/, '');
    const known = asked.get(key);
    if (known) return known;
    const answer = asked.size >= most || key.length > 253 ? Promise.resolve(null) : ask(key);
    asked.set(key, answer);
    return answer;
  };
}
