import { createHash } from 'node:crypto';
import { HoldfastError, say } from '@holdfast/errors';
import { readSql, sqlProblem, type DatabaseAnswer, type DatabaseRequest } from '@holdfast/node-kit';
import { accessOf, type DatabaseAccess, type DatabaseCredential } from './access.ts';
import { askByAgent, testByAgent } from './ask-by-agent.ts';
import type { ByAgent, Roads } from './dial.ts';
import { explainFailure } from './failure.ts';
import { openPostgres } from './open-postgres.ts';
import { createPool, type Pool } from './pool.ts';
import { RefusedError } from './refused-error.ts';
import type { Session } from './session.ts';

export interface DatabaseCall {
  workspaceId: string;
  credential: DatabaseCredential;
  request: Omit<DatabaseRequest, 'credential'>;
  signal?: AbortSignal | undefined;
}

export interface Databases {
  /**
   * One statement in a transaction of its own. Throws step.config, credential.missing, egress.blocked, upstream.*; upstream.ambiguous only for a change whose
   * keeping nobody knows of. What the database does not take for its values' sake is an answer.
   */
  query: (call: DatabaseCall) => Promise<DatabaseAnswer>;
  /** Connects anew. What answered, for people. */
  test: (call: Pick<DatabaseCall, 'credential' | 'signal'>) => Promise<string>;
  close: () => Promise<void>;
}

interface DatabasesOptions extends Roads, ByAgent {
  idleMs?: number;
}

const mostConnections = 4;
/** Beyond a statement's own time: the server stops it by itself, and says so. */
const graceMs = 2_000;

/** Connections of this process, few for each credential as it was when they were opened: one that is changed gets new ones. */
export function createDatabases({ idleMs = 30_000, queryByAgent, ...roads }: DatabasesOptions): Databases {
  const pools = new Map<string, Pool>();
  const poolOf = (workspaceId: string, access: DatabaseAccess): Pool => {
    const key = createHash('sha256')
      .update(JSON.stringify([workspaceId, access]))
      .digest('base64');
    const known = pools.get(key);
    if (known) return known;
    const pool = createPool({ open: () => openSession(access, roads), most: mostConnections, idleMs, onEmpty: () => pools.delete(key) });
    pools.set(key, pool);
    return pool;
  };
  return {
    query: async ({ workspaceId, credential, request, signal }) => {
      const access = accessOf(credential);
      const statement = readSql(request.sql);
      const problem = sqlProblem(request.sql, request.operation);
      if (problem) throw new HoldfastError('step.config', { detail: problem.reason, hint: problem.fix, path: 'sql' });
      if (request.operation === 'change' && access.isReadOnly) throw readsOnly(access);
      if (access.via?.kind === 'agent') return await askByAgent(queryByAgent, { access, credential, request, agent: access.via, signal });
      const own = AbortSignal.any([AbortSignal.timeout(request.timeoutMs + graceMs), ...(signal ? [signal] : [])]);
      try {
        return await poolOf(workspaceId, access).use(own, (session) => {
          // Its caller may be trying again by now.
          if (own.aborted) throw explainFailure(Object.assign(new Error('It took too long.'), { code: '57014' }), access);
          return session.run({ ...request, statement, signal: own });
        });
      } catch (error) {
        if (error instanceof RefusedError) return { rows: [], rowCount: 0, isTruncated: false, refusal: error.refusal };
        throw error;
      }
    },
    test: async ({ credential, signal }) => {
      const access = accessOf(credential);
      if (access.via?.kind === 'agent') return await testByAgent(queryByAgent, { access, credential, agent: access.via, signal });
      const session = await openSession(access, roads);
      try {
        return await session.check();
      } finally {
        await session.close();
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
}

/** Oracle's driver is loaded when somebody uses it: it is large. */
async function openSession(access: DatabaseAccess, roads: Roads): Promise<Session> {
  switch (access.kind) {
    case 'postgresql':
      return openPostgres(access, roads);
    case 'oracle':
      return (await import('./open-oracle.ts')).openOracle(access, roads);
  }
}

const readsOnly = ({ name }: DatabaseAccess): HoldfastError =>
  new HoldfastError('credential.host', {
    detail: say`The connection "${name}" is for reading only, and this step changes rows. Nothing was asked.`,
    hint: 'Open the connection and allow writing, if that is meant; or choose another one.',
    path: 'credential',
  });
