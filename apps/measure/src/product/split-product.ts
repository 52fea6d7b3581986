import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, type Child } from '@holdfast/stack';
import { ApiClient } from './api-client.ts';
import { ownerEmail, ownerPassword } from './product.ts';
import { main, startPart } from './start-part.ts';

/** A process that stands still for seconds ends, as on a machine that is very busy. */
const maxStarts = 3;

/** What a server and its workers share. */
export interface Services {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
}

/** The product as in production: one server, and workers that only share PostgreSQL and Temporal with it. No flow answers until one is published. */
export class SplitProduct {
  readonly url: string;
  readonly api: ApiClient;
  readonly #services: Services;
  readonly #folder: string;
  readonly #children: Record<'server' | 'worker', Child[]> = { server: [], worker: [] };
  readonly #kept: Promise<void>[] = [];
  #starts = 0;
  #isClosing = false;

  private constructor(services: Services, folder: string, port: number) {
    this.#services = services;
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.api = new ApiClient(this.url);
  }

  static async start(
    services: Services,
    { workers, environment }: { workers: number; environment: NodeJS.ProcessEnv },
  ): Promise<SplitProduct> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-split-'));
    const product = new SplitProduct(services, folder, port);
    const env = {
      ...process.env,
      ...environment,
      DATABASE_URL: services.databaseUrl,
      TEMPORAL_ADDRESS: services.temporalAddress,
      TEMPORAL_NAMESPACE: services.temporalNamespace,
      HOLDFAST_PORT: String(port),
      HOLDFAST_DATA_DIR: folder,
      HOLDFAST_OWNER_EMAIL: ownerEmail,
      HOLDFAST_OWNER_PASSWORD: ownerPassword,
    };
    try {
      // The server first: it makes the keys that all of them read.
      await product.#keepRunning('server', env);
      await Promise.all(Array.from({ length: workers }, () => product.#keepRunning('worker', env)));
      const { stdout } = await promisify(execFile)(process.execPath, [main, 'api-key', '--name', 'measure', '--role', 'admin'], { env });
      product.api.key = stdout.trim();
      await product.api.pauseAllFlows();
      return product;
    } catch (error) {
      await product.close();
      throw error;
    }
  }

  /** Whatever supervises it in production brings back what ends by itself; so is it done here. */
  async #keepRunning(role: 'server' | 'worker', env: NodeJS.ProcessEnv): Promise<void> {
    let child = await this.#startPart(role, env);
    const keeping = (async () => {
      for (;;) {
        await child.exited;
        if (this.#isClosing) return;
        child = await this.#startPart(role, env);
        if (this.#isClosing) await child.stop('SIGTERM', 12_000);
      }
    })();
    keeping.catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    this.#kept.push(keeping);
  }

  async #startPart(role: 'server' | 'worker', env: NodeJS.ProcessEnv): Promise<Child> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const logFile = join(this.#folder, `${role}-${(this.#starts += 1)}.log`);
        const child = await startPart(role, { env, logFile });
        this.#children[role].push(child);
        return child;
      } catch (error) {
        if (attempt === maxStarts || this.#isClosing) throw error;
      }
    }
  }

  /** `kill -9` of the first worker. */
  killWorker(): void {
    this.#children.worker.find((child) => child.isRunning())?.child.kill('SIGKILL');
  }

  addresses(): Promise<Services> {
    return Promise.resolve(this.#services);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#children.server, ...this.#children.worker].map((child) => child.stop('SIGTERM', 12_000)));
    await Promise.allSettled(this.#kept);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
