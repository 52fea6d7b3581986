import { messageOf, type ChildExit } from '@holdfast/stack';

export interface Running {
  pid: number;
  exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

export interface SuperviseOptions<T extends Running> {
  start(): Promise<T>;
  /** After every start. */
  onUp(running: T): void;
  /** It died, or a new start failed; it is tried again after `delayMs`. */
  onDown(reason: string, delayMs: number): void;
  firstDelayMs?: number;
  maxDelayMs?: number;
  /** Up for this long counts as healthy: the next delay is the first again. 5 s when left out, about twice what a start takes. */
  healthyMs?: number;
}

export interface Supervised {
  stop(): Promise<void>;
}

/** Starts once (and throws when that fails), then keeps it running until `stop`: whatever kills it, it comes back. */
export async function supervise<T extends Running>(options: SuperviseOptions<T>): Promise<Supervised> {
  const { firstDelayMs = 200, maxDelayMs = 15_000, healthyMs = 5_000 } = options;
  const stopping = Promise.withResolvers<'stop'>();
  let isStopping = false;
  let running = await options.start();
  options.onUp(running);

  const keepUp = async (): Promise<void> => {
    let delayMs = firstDelayMs;
    while (!isStopping) {
      const upSince = Date.now();
      const end = await Promise.race([running.exited, stopping.promise]);
      if (end === 'stop') return running.stop();
      if (Date.now() - upSince > healthyMs) delayMs = firstDelayMs;
      let reason = describeExit(end);
      for (let isUp = false; !isUp && !isStopping;) {
        options.onDown(reason, delayMs);
        await Promise.race([new Promise((done) => setTimeout(done, delayMs)), stopping.promise]);
        delayMs = Math.min(delayMs * 2, maxDelayMs);
        if (isStopping) return;
        try {
          running = await options.start();
          isUp = true;
          options.onUp(running);
        } catch (error) {
          reason = messageOf(error);
        }
      }
    }
    return running.stop();
  };
  const loop = keepUp();
  return {
    stop: () => {
      isStopping = true;
      stopping.resolve('stop');
      return loop;
    },
  };
}

const describeExit = ({ code, signal }: ChildExit): string => (signal ? `killed by ${signal}` : `ended with code ${code}`);
