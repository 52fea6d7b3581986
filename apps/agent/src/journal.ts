import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { outcome, type Outcome } from '@holdfast/egress';
import { z } from 'zod';
import { createFile, replaceFile } from './durable-file.ts';

/** A call that was begun, and what came of it; null while it is under way. */
export interface Entry {
  id: string;
  epoch: number;
  outcome: Outcome | null;
}

/**
 * What this agent has begun, on its disk: a call is written down before its first byte, so it is never made twice, and what came of it stays until the server has
 * it. Answers are sealed with a key made from the token; of requests nothing is kept.
 */
export interface Journal {
  /** False when it stands here already, in whatever way. */
  begin: (id: string, epoch: number) => Promise<boolean>;
  end: (id: string, ended: Outcome) => Promise<void>;
  /** The server has it: only the name stays, for an hour. */
  forget: (id: string) => Promise<void>;
  /** All that the server does not have yet. */
  entries: () => Entry[];
}

const rememberedMs = 3_600_000;
const begun = z.object({ epoch: z.number().int() });

/** Reads what is there. What was under way when the agent ended has an unknown end. */
export async function openJournal(dataDir: string, token: string): Promise<Journal> {
  const folder = join(dataDir, 'calls');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = Buffer.from(hkdfSync('sha256', token, '', 'holdfast/agent-journal/1', 32));
  const at = (id: string, what: 'begun' | 'end' | 'done') => join(folder, `${id}.${what}`);
  const entries = await readEntries(folder, key);
  const done = new Set((await readdir(folder)).filter((name) => name.endsWith('.done')).map((name) => name.slice(0, -5)));
  await sweep(folder);
  const sweeping = setInterval(() => void sweep(folder).catch(() => undefined), rememberedMs);
  sweeping.unref();
  const end = async (id: string, ended: Outcome): Promise<void> => {
    await replaceFile(at(id, 'end'), seal(key, JSON.stringify(ended)));
    const entry = entries.get(id);
    if (entry) entry.outcome = ended;
  };
  for (const { id, outcome: ended } of entries.values()) if (!ended) await end(id, { state: 'unknown' });
  return {
    begin: async (id, epoch) => {
      if (done.has(id) || entries.has(id) || !(await createFile(at(id, 'begun'), JSON.stringify({ epoch })))) return false;
      entries.set(id, { id, epoch, outcome: null });
      return true;
    },
    end,
    forget: async (id) => {
      done.add(id);
      await replaceFile(at(id, 'done'), '');
      await rm(at(id, 'end'), { force: true });
      await rm(at(id, 'begun'), { force: true });
      entries.delete(id);
    },
    entries: () => [...entries.values()],
  };
}

async function readEntries(folder: string, key: Buffer): Promise<Map<string, Entry>> {
  const names = await readdir(folder);
  const entries = new Map<string, Entry>();
  for (const name of names.filter((each) => each.endsWith('.begun'))) {
    const id = name.slice(0, -'.begun'.length);
    if (names.includes(`${id}.done`)) continue;
    // A file that a power cut left empty: it was begun, and its lease is not known any more, so nobody waits for it.
    const { epoch } = begun.catch({ epoch: 0 }).parse(parseJson(await readFile(join(folder, name), 'utf8')));
    const ended = names.includes(`${id}.end`) ? open(key, await readFile(join(folder, `${id}.end`))) : null;
    entries.set(id, { id, epoch, outcome: ended });
  }
  return entries;
}

async function sweep(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.done'))) {
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > rememberedMs) await rm(join(folder, name), { force: true });
  }
}

function seal(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it can't be read: another token, or a damaged disk. Then nobody knows how it ended. */
function open(key: Buffer, sealed: Buffer): Outcome | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
    return outcome.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
