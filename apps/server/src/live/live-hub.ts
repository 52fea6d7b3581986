import { listenLive, type LiveNotice } from '@holdfast/db';
import type { Response } from 'express';
import type { Caller } from '../auth/caller.ts';

/** So much may wait for a slow reader; then it is cut and comes back by itself. */
const maxBufferedBytes = 256_000;
/** Kept per workspace, so that a reader who was away for a moment misses nothing. */
const maxRemembered = 500;
const heartbeatMs = 15_000;
const maxStreamsPerWorkspace = 200;

interface Stream {
  response: Response;
  caller: Caller;
}
interface Remembered {
  id: number;
  frame: string;
}

export interface LiveHub {
  /** Sends this workspace's events until the reader leaves. `since` is the Last-Event-ID it had. */
  open: (caller: Caller, response: Response, since: string | null) => void;
  /** A removed person's or key's streams end at once. */
  closeStreamsOf: (callerId: string) => void;
  publish: (notice: LiveNotice) => void;
  streams: () => number;
  close: () => Promise<void>;
}

export function createLiveHub(databaseUrl: string): LiveHub {
  const streams = new Set<Stream>();
  const memory = new Map<string, Remembered[]>();
  // Ids of another boot mean nothing here: the reader then gets `gap` and asks for everything again.
  const boot = Date.now().toString(36);
  let count = 0;
  /** Up to here something may have happened that nobody heard. */
  let deafUntil = 0;

  const send = (stream: Stream, frame: string) => {
    if (stream.response.writableLength > maxBufferedBytes) stream.response.destroy();
    else stream.response.write(frame);
  };
  const publish = ({ workspace, event }: LiveNotice) => {
    const id = ++count;
    const frame = `id: ${boot}-${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
    const remembered = memory.get(workspace) ?? [];
    remembered.push({ id, frame });
    if (remembered.length > maxRemembered) remembered.shift();
    memory.set(workspace, remembered);
    for (const stream of streams) if (stream.caller.workspaceId === workspace) send(stream, frame);
  };
  const gapFrame = () => `id: ${boot}-${count}\nevent: gap\ndata: {}\n\n`;
  const gap = () => {
    memory.clear();
    deafUntil = ++count;
    for (const stream of streams) send(stream, gapFrame());
  };
  const listener = listenLive({ databaseUrl, onNotice: publish, onGap: gap });
  const heartbeat = setInterval(() => {
    for (const stream of streams) send(stream, ': still here\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  return {
    open: (caller, response, since) => {
      const mine = [...streams].filter((stream) => stream.caller.workspaceId === caller.workspaceId);
      if (mine.length >= maxStreamsPerWorkspace) mine[0]?.response.end();
      const stream = { response, caller };
      startStream(response);
      const missed = missedSince(since, { boot, remembered: memory.get(caller.workspaceId) ?? [], newest: count, deafUntil });
      response.write(missed === null ? gapFrame() : missed.join(''));
      streams.add(stream);
      response.on('close', () => streams.delete(stream));
    },
    closeStreamsOf: (callerId) => {
      for (const stream of streams) if (stream.caller.id === callerId) stream.response.end();
    },
    publish,
    streams: () => streams.size,
    close: async () => {
      clearInterval(heartbeat);
      for (const stream of streams) stream.response.end();
      await listener.close();
    },
  };
}

function startStream(response: Response): void {
  response.setHeader('content-type', 'text/event-stream; charset=utf-8');
  response.setHeader('cache-control', 'no-store, no-transform');
  response.setHeader('x-accel-buffering', 'no');
  response.flushHeaders();
  response.write('retry: 2000\n\n');
}

/** The frames after `since`; null when some of them are forgotten, or were never heard. */
function missedSince(
  since: string | null,
  { boot, remembered, newest, deafUntil }: { boot: string; remembered: readonly Remembered[]; newest: number; deafUntil: number },
): string[] | null {
  if (since === null) return [];
  const [itsBoot, itsId] = since.split('-');
  const last = Number(itsId);
  if (itsBoot !== boot || !Number.isInteger(last) || last > newest || last < deafUntil) return null;
  const oldest = remembered[0]?.id;
  if (oldest !== undefined && remembered.length >= maxRemembered && oldest > last + 1) return null;
  return remembered.filter((each) => each.id > last).map((each) => each.frame);
}
