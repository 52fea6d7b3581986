import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@holdfast/stack';
import { ApiClient } from './api-client.ts';
import { readRunFile } from '@holdfast/holdfast';
import { family, listProcesses } from './processes.ts';
import { main } from './start-part.ts';

export const parts = ['app', 'temporal', 'postgres'] as const;
export type Part = (typeof parts)[number];

/** Who owns the product that is started here; it lives in a folder of its own and is removed afterwards. */
export const ownerEmail = 'owner@measure.test';
export const ownerPassword = 'measure-this-twice';

/** The whole product as a stranger starts it, in a data folder of its own; the launcher supervises its parts. */
export class Product {
  readonly url: string;
  readonly dataDir: string;
  readonly api: ApiClient;
  /** Launch to the first healthy answer. */
  startUpMs = 0;
  #launcher: ChildProcess | null = null;
  readonly #environment: NodeJS.ProcessEnv;
  #log = '';

  private constructor(dataDir: string, port: number, environment: NodeJS.ProcessEnv) {
    this.dataDir = dataDir;
    this.url = `http://127.0.0.1:${port}`;
    this.api = new ApiClient(this.url);
    this.#environment = {
      ...process.env,
      HOLDFAST_OWNER_EMAIL: ownerEmail,
      HOLDFAST_OWNER_PASSWORD: ownerPassword,
      ...environment,
      HOLDFAST_PORT: String(port),
      HOLDFAST_DATA_DIR: dataDir,
    };
    delete this.#environment['DATABASE_URL'];
    delete this.#environment['TEMPORAL_ADDRESS'];
  }

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<Product> {
    const product = new Product(await mkdtemp(join(tmpdir(), 'holdfast-measure-')), await freePort(), environment);
    await product.launch();
    product.api.key = await product.#makeKey();
    return product;
  }

  async launch(): Promise<void> {
    const startedAt = performance.now();
    this.#launcher = spawn(process.execPath, [main, 'start'], { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#launcher.stdout, this.#launcher.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-20_000);
      });
    await this.healthy(300_000);
    this.startUpMs = Math.round(performance.now() - startedAt);
  }

  /** Resolves when database, Temporal and a worker answer. */
  async healthy(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      if (this.#launcher?.exitCode !== null) throw new Error(`The launcher ended with ${this.#launcher?.exitCode}:\n${this.#log}`);
      const answer = await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
      await answer?.arrayBuffer().catch(() => undefined);
      if (answer?.status === 200) return;
      await pause(100);
    }
    throw new Error(`Holdfast was not healthy within ${timeoutMs / 1_000} s:\n${this.#log}`);
  }

  /** The root process of each part, from the launcher's own notes; a part that is being restarted is missing. */
  roots(): Partial<Record<Part, number>> {
    return Object.fromEntries(
      parts.map((part) => [part, readRunFile(this.dataDir, part)?.pid] as const).filter(([, pid]) => pid !== undefined),
    );
  }

  /** Where the embedded PostgreSQL and Temporal answer now. */
  async addresses(): Promise<{ databaseUrl: string; temporalAddress: string }> {
    const password = (await readFile(join(this.dataDir, 'postgres-password'), 'utf8')).trim();
    return {
      databaseUrl: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${readRunFile(this.dataDir, 'postgres')?.port}/holdfast`,
      temporalAddress: `127.0.0.1:${readRunFile(this.dataDir, 'temporal')?.port}`,
    };
  }

  /** CPU time and memory by part, children included. */
  async usage(): Promise<Record<Part, { cpuMs: number; memoryBytes: number }>> {
    const roots = this.roots();
    const all = await listProcesses();
    const sum = (pid: number | undefined) => {
      const members = pid === undefined ? [] : family(all, pid);
      return {
        cpuMs: members.reduce((total, one) => total + one.cpuMs, 0),
        memoryBytes: members.reduce((total, one) => total + one.memoryBytes, 0),
      };
    };
    return { app: sum(roots.app), temporal: sum(roots.temporal), postgres: sum(roots.postgres) };
  }

  /** `kill -9` of one part, or another signal; false when it was down already. */
  kill(part: Part, signal: NodeJS.Signals = 'SIGKILL'): boolean {
    const pid = this.roots()[part];
    if (pid === undefined) return false;
    try {
      return process.kill(pid, signal);
    } catch {
      return false; // It ended since we looked.
    }
  }

  /** Stops a part where it stands and lets it go on after a while, as a suspended virtual machine would. */
  async freeze(part: Part, forMs: number): Promise<boolean> {
    if (!this.kill(part, 'SIGSTOP')) return false;
    await pause(forMs);
    return this.kill(part, 'SIGCONT');
  }

  /** Kills a part whenever the launcher has brought it back, for a while. */
  async keepDown(part: Part, forMs: number): Promise<void> {
    const until = performance.now() + forMs;
    while (performance.now() < until) {
      this.kill(part);
      await pause(100);
    }
  }

  /** Whether the app answers at all, healthy or not. */
  async answers(): Promise<boolean> {
    const answer = await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await answer?.arrayBuffer().catch(() => undefined);
    return answer !== null;
  }

  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    const launcher = this.#launcher;
    if (launcher && launcher.exitCode === null) {
      const ended = once(launcher, 'exit');
      launcher.kill('SIGINT');
      await ended;
    }
    this.#launcher = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** A command of the product, as a person gives it beside the running one; answers all that it printed. */
  async command(...words: string[]): Promise<string> {
    const child = spawn(process.execPath, [main, ...words], { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`holdfast ${words.join(' ')} ended with ${code}:\n${printed}`);
    return printed;
  }

  async #makeKey(): Promise<string> {
    const printed = await this.command('api-key', '--name', 'measure', '--role', 'admin');
    const key = /^hf_\S+$/m.exec(printed)?.[0];
    if (key === undefined) throw new Error(`holdfast api-key printed "${printed}" instead of a key.`);
    return key;
  }
}
