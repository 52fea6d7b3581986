import { HoldfastError, say } from '@holdfast/errors';
import type pg from 'pg';
import type { DatabaseAccess } from './access.ts';

/** For one part of an answer: some tens of rows. The driver keeps what it gets, and a text of half a gigabyte breaks it. */
const mostBytes = 64 * 1024 * 1024;
const headBytes = 5;
const texts = [69, 78] as const; // 'E' and 'N': what the server says against it, and what else it has to say

/** The driver believes every byte of a server: it would run for ever, end this process or fill its memory. */
export interface Watch {
  /** What comes from here on counts anew. */
  begin: () => void;
}

/** Ends the connection, before anything is asked on it that can't be taken back, when what the server says can't be read or is too much. */
export function watchPostgres(client: pg.Client, { host }: Pick<DatabaseAccess, 'host'>): Watch {
  let bytes = 0;
  const connection: unknown = Reflect.get(client, 'connection');
  if (typeof connection !== 'object' || connection === null) throw new TypeError('The driver has no connection to watch.');
  const attach: unknown = Reflect.get(connection, 'attachListeners');
  if (typeof attach !== 'function') throw new TypeError('The driver does not listen as it did.');
  // Once for the socket as it is, or once it is encrypted.
  Reflect.set(connection, 'attachListeners', (stream: NodeJS.ReadableStream & { destroy: (error: Error) => unknown }) => {
    const follow = followMessages();
    let isBroken = false;
    const hear = (listen: (chunk: Buffer) => void) => (chunk: Buffer) => {
      if (isBroken) return;
      bytes += chunk.length;
      try {
        if (bytes > mostBytes) throw tooLarge(host);
        follow(chunk, host);
        listen(chunk);
      } catch (error) {
        isBroken = true;
        stream.destroy(error instanceof HoldfastError ? error : unreadable(host, error));
      }
    };
    attach.call(connection, {
      on: (event: string, listen: (chunk: Buffer) => void) => stream.on(event, event === 'data' ? hear(listen) : listen),
    });
  });
  return { begin: () => (bytes = 0) };
}

/**
 * Throws for a message that is larger than any may be, shorter than its own length, or has a sentence without an end, for which the driver would look for ever.
 * https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
function followMessages(): (chunk: Buffer, host: string) => void {
  let head: Buffer = Buffer.alloc(0);
  let left = 0;
  let last: Buffer | null = null;
  return (chunk, host) => {
    for (let at = 0; at < chunk.length;) {
      if (left === 0) {
        const some = chunk.subarray(at, at + headBytes - head.length);
        head = head.length === 0 ? some : Buffer.concat([head, some]);
        at += some.length;
        if (head.length < headBytes) {
          head = Buffer.from(head);
          return;
        }
        left = head.readUInt32BE(1) - 4;
        if (left > mostBytes) throw tooLarge(host);
        last = texts.some((type) => type === head[0]) ? Buffer.alloc(0) : null;
        head = Buffer.alloc(0);
        if (left < 0 || (last && left === 0)) throw unreadable(host);
        continue;
      }
      const some = chunk.subarray(at, at + left);
      at += some.length;
      left -= some.length;
      if (last) last = Buffer.concat([last, some.subarray(-2)]).subarray(-2);
      // Two at the end close the last sentence and the list of them; alone, the empty list.
      if (left === 0 && last?.some((byte) => byte !== 0)) throw unreadable(host);
    }
  };
}

const tooLarge = (host: string): HoldfastError =>
  new HoldfastError('upstream.too-large', {
    detail: say`${host} answered with more than ${mostBytes / 1024 / 1024} MB at once, so it was not read any further. Nothing was changed.`,
    hint: 'Select fewer columns, or only the first part of a long one, as left(text, 1000).',
  });

const unreadable = (host: string, cause?: unknown): HoldfastError =>
  new HoldfastError('upstream.broken', {
    detail: say`What ${host} says is not how PostgreSQL speaks, so the connection was ended. Nothing was changed.`,
    hint: 'Check that its address and port lead to PostgreSQL.',
    ...(cause === undefined ? {} : { cause }),
  });
