import {
  claimMirror,
  deleteMirrorChanges,
  findMirrorTable,
  listMirrorChanges,
  listMirrorIds,
  loadMirrorAuthors,
  loadMirrorRows,
  mirrorTables,
  recordMirrorChanges,
  releaseMirror,
  restartMirror,
  restMirror,
  saveMirrorProgress,
  type MirrorChange,
  type MirrorClaim,
  type MirrorProgress,
  type Pool,
} from '@holdfast/db';
import { SupersededError, type MirrorBatch, type MirrorTarget } from './target.ts';

export interface SyncDeps {
  pool: Pool;
  /** Opened when there is something to bring, closed by the turn. */
  open: () => Promise<MirrorTarget>;
  everySeconds: number;
  /** True from when this process ends: the turn stops after the batch under way. */
  isStopping: () => boolean;
  batchRows?: number;
  batchBytes?: number;
}

const batchRows = 500;
const batchBytes = 4_000_000;
const sweepRows = 5_000;
/** Between two looks whether transactions that began before the recording have ended. */
const settleSeconds = 1;

export type Turn = 'synced' | 'waiting' | 'stopped' | 'superseded' | 'taken';

/**
 * One turn of a mirror: brings over what changed until nothing is left. Safe to cut anywhere: a change is taken out here only after the target has
 * committed it, and brings the row's newest state. Throws what the target throws; `onClaim` tells whose turn it is, to note a failure under.
 */
export async function syncMirror(
  deps: SyncDeps,
  args: { workspaceId: string; owner: string; onClaim?: (claim: MirrorClaim) => void },
): Promise<Turn> {
  const claim = await claimMirror(deps.pool, args);
  if (!claim) return 'taken';
  args.onClaim?.(claim);
  const turn = new MirrorTurn(deps, claim);
  try {
    return await turn.run();
  } catch (error) {
    if (error instanceof SupersededError) return 'superseded';
    throw error;
  } finally {
    await turn.close();
  }
}

class MirrorTurn {
  readonly #deps: SyncDeps;
  readonly #claim: MirrorClaim;
  #progress: MirrorProgress;
  #target: MirrorTarget | null = null;

  constructor(deps: SyncDeps, claim: MirrorClaim) {
    this.#deps = deps;
    this.#claim = claim;
    this.#progress = claim.progress;
  }

  async close(): Promise<void> {
    await this.#target?.close();
  }

  async run(): Promise<Turn> {
    while (!this.#deps.isStopping()) {
      const ended = await this.#step();
      if (ended) return ended;
    }
    await releaseMirror(this.#deps.pool, this.#claim);
    return 'stopped';
  }

  #step(): Promise<Turn | null> {
    switch (this.#progress.phase) {
      case 'start':
        return this.#start();
      case 'copying':
        return this.#copy();
      case 'sweeping':
        return this.#sweep();
      case 'following':
        return this.#follow();
    }
  }

  /** The session, opened by whoever needs it first. Null: the tables there are an older Holdfast's, and the copy begins anew. */
  async #session(): Promise<MirrorTarget | null> {
    if (this.#target) return this.#target;
    this.#target = await this.#deps.open();
    if (this.#progress.phase === 'start') return this.#target;
    const { isCurrent } = await this.#target.resume(this.#claim);
    if (isCurrent) return this.#target;
    await restartMirror(this.#deps.pool, { workspaceId: this.#claim.workspaceId, takesOver: false });
    return null;
  }

  /** First the target, so that nothing is recorded for one that was never there. */
  async #start(): Promise<Turn | null> {
    const target = await this.#session();
    if (!target) return 'superseded';
    const generation = await target.begin(this.#claim);
    const recorded = await recordMirrorChanges(this.#deps.pool, this.#claim);
    if (!recorded) return 'superseded';
    if (!recorded.isSettled) return this.#rest('waiting');
    return this.#save({ phase: 'copying', generation, copyTable: 0, copyAfter: '', copiedRows: 0 });
  }

  async #copy(): Promise<Turn | null> {
    const { copyTable, copyAfter, copiedRows } = this.#progress;
    const table = mirrorTables[copyTable];
    if (!table) return this.#save({ ...this.#progress, phase: 'sweeping', copyTable: 0 });
    const target = await this.#session();
    if (!target) return 'superseded';
    const { workspaceId } = this.#claim;
    const ids = await listMirrorIds(this.#deps.pool, { workspaceId, table, after: copyAfter, limit: this.#rows });
    const page = this.#light(ids).map(({ id }) => id);
    const last = page.at(-1);
    if (last === undefined) return this.#save({ ...this.#progress, copyTable: copyTable + 1, copyAfter: '' });
    const rows = await loadMirrorRows(this.#deps.pool, { workspaceId, table, ids: page });
    await this.#apply(target, { tables: [{ table, rows, gone: [] }], authors: [] });
    return this.#save({ ...this.#progress, copyAfter: last, copiedRows: copiedRows + rows.length });
  }

  async #sweep(): Promise<Turn | null> {
    const table = mirrorTables[this.#progress.copyTable];
    if (!table) return this.#save({ ...this.#progress, phase: 'following' });
    const target = await this.#session();
    if (!target) return 'superseded';
    const swept = await target.sweep(this.#claim, { table, generation: this.#generation, limit: sweepRows });
    return this.#save(swept > 0 ? this.#progress : { ...this.#progress, copyTable: this.#progress.copyTable + 1 });
  }

  async #follow(): Promise<Turn | null> {
    const { workspaceId } = this.#claim;
    const changes = this.#light(await listMirrorChanges(this.#deps.pool, workspaceId, this.#rows));
    if (changes.length === 0) return this.#rest('synced');
    const target = await this.#session();
    if (!target) return 'superseded';
    // Read after the changes were: what is brought is at least as new as they are.
    const batch = await this.#read(changes);
    await this.#apply(target, batch);
    await deleteMirrorChanges(
      this.#deps.pool,
      workspaceId,
      changes.map(({ seq }) => seq),
    );
    return this.#save(this.#progress);
  }

  async #read(changes: readonly MirrorChange[]): Promise<Omit<MirrorBatch, 'generation'>> {
    const { workspaceId } = this.#claim;
    const idsOf = (kind: MirrorChange['kind']) => [...new Set(changes.filter((change) => change.kind === kind).map(({ rowId }) => rowId))];
    const tables = [];
    for (const name of new Set(changes.map(({ kind }) => kind))) {
      if (name === 'authors') continue;
      const table = findMirrorTable(name);
      const ids = idsOf(name);
      const rows = await loadMirrorRows(this.#deps.pool, { workspaceId, table, ids });
      const there = new Set(rows.map((row) => row['id']));
      tables.push({ table, rows, gone: ids.filter((id) => !there.has(id)) });
    }
    const authors = idsOf('authors');
    return { tables, authors: authors.length > 0 ? await loadMirrorAuthors(this.#deps.pool, authors) : [] };
  }

  #apply(target: MirrorTarget, batch: Omit<MirrorBatch, 'generation'>): Promise<void> {
    return target.apply(this.#claim, { ...batch, generation: this.#generation });
  }

  /** Null: go on. */
  async #save(progress: MirrorProgress): Promise<Turn | null> {
    if (!(await saveMirrorProgress(this.#deps.pool, this.#claim, progress))) return 'superseded';
    this.#progress = progress;
    return null;
  }

  async #rest(turn: 'synced' | 'waiting'): Promise<Turn> {
    const isSynced = turn === 'synced';
    await restMirror(this.#deps.pool, this.#claim, { isSynced, inSeconds: isSynced ? this.#deps.everySeconds : settleSeconds });
    return turn;
  }

  get #rows(): number {
    return this.#deps.batchRows ?? batchRows;
  }

  /** As many as fit into one batch, but always one. */
  #light<T extends { weight: number }>(found: readonly T[]): T[] {
    const most = this.#deps.batchBytes ?? batchBytes;
    let bytes = 0;
    return found.filter((each, index) => (bytes += each.weight) <= most || index === 0);
  }

  get #generation(): number {
    if (this.#progress.generation === null) throw new Error('A mirror that copies or follows has the number of its copy.');
    return this.#progress.generation;
  }
}
