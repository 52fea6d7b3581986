import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startChild, type Child } from '@holdfast/stack';
import { ApiClient } from './api-client.ts';
import { ownerEmail, ownerPassword } from './product.ts';

const main = fileURLToPath(import.meta.resolve('@holdfast/holdfast/main'));

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
  readonly #children: Child[] = [];
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
      await product.#startPart('server', env);
      for (let worker = 0; worker < workers; worker += 1) await product.#startPart('worker', env);
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
  async #startPart(role: 'server' | 'worker', env: NodeJS.ProcessEnv): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#tryPart(role, env).catch((error: unknown) => {
        if (attempt === maxStarts) throw error;
        return null;
      });
      if (!found) continue;
      void found.exited.then(() => (this.#isClosing ? undefined : this.#startPart(role, env)));
      return;
    }
  }

  async #tryPart(role: 'server' | 'worker', env: NodeJS.ProcessEnv): Promise<Child> {
    const file = join(dirname(main), 'app-process.ts');
    const logFile = join(this.#folder, `${role}-${this.#children.length}.log`);
    const child = await startChild({ file: process.execPath, args: [file, role], env, logFile, ipc: true });
    this.#children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.child.once('message', (message: object) => ('ready' in message ? resolve() : reject(new Error(JSON.stringify(message)))));
      child.child.once('exit', () => reject(new Error(`The ${role} ended: ${readFileSync(logFile, 'utf8').slice(-2_000)}`)));
    });
    return child;
  }

  addresses(): Promise<Services> {
    return Promise.resolve(this.#services);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#children.map((child) => child.stop('SIGTERM', 12_000)));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
