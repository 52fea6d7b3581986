import {
  countGauges,
  listLiveProcesses,
  listMirrorGauges,
  type Gauges,
  type LiveProcess,
  type MirrorGauges,
  type Pool,
} from '@holdfast/db';
import { Counter, Gauge, type Registry } from 'prom-client';
import { z } from 'zod';

const statuses = ['running', 'waiting', 'paused', 'attention'] as const;
const lanes = ['queued', 'express', 'handover', 'temporal'] as const;
const sendStates = ['planned', 'dispatching', 'unknown'] as const;
const queues = ['inbox', 'queued', 'starts', 'handoffs'] as const;

/** What a process tells with its beat; one that executes nothing tells less. */
const processFacts = z.object({
  express: z.number().catch(0),
  stretches: z.number().catch(0),
  effects: z.number().catch(0),
  cachedRuns: z.number().catch(0),
  handOvers: z.record(z.string(), z.number()).catch({}),
});

/** The gauges that are read from PostgreSQL when somebody asks: what is open, what waits in line, and what each living process does. */
export function createRunMetrics(pool: Pool, registry: Registry): { read: () => Promise<void> } {
  const open = createOpenGauges(registry);
  const processes = createProcessGauges(registry);
  const mirrors = createMirrorGauges(registry);
  return {
    read: async () => {
      const [gauges, living, mirrored] = await Promise.all([countGauges(pool), listLiveProcesses(pool), listMirrorGauges(pool)]);
      open(gauges);
      processes(living);
      mirrors(mirrored);
    },
  };
}

function createOpenGauges(registry: Registry): (gauges: Gauges) => void {
  const gauge = <N extends string>(name: string, help: string, label: N) =>
    new Gauge({ name, help, labelNames: [label], registers: [registry] });
  const runs = gauge('holdfast_runs', 'Runs that have not ended, by status.', 'status');
  const inLane = gauge('holdfast_runs_in_lane', 'Runs that have not ended, by who works on them.', 'lane');
  const sends = gauge('holdfast_sends', 'Messages to customers that are not settled, by state.', 'state');
  const depth = gauge(
    'holdfast_queue_depth',
    'What waits: messages for a run, runs for room or for their start in Temporal, people for staff.',
    'queue',
  );
  const oldest = gauge('holdfast_queue_oldest_seconds', 'How long the first in line has waited.', 'queue');
  return (gauges) => {
    const sum = (rows: { count: number }[]) => rows.reduce((total, row) => total + row.count, 0);
    for (const status of statuses) runs.set({ status }, sum(gauges.runs.filter((row) => row.status === status)));
    for (const lane of lanes) inLane.set({ lane }, sum(gauges.runs.filter((row) => row.lane === lane)));
    for (const state of sendStates) sends.set({ state }, sum(gauges.sends.filter((row) => row.state === state)));
    for (const queue of queues) {
      depth.set({ queue }, gauges[queue].count);
      oldest.set({ queue }, gauges[queue].oldestSeconds);
    }
  };
}

function createMirrorGauges(registry: Registry): (mirrors: readonly MirrorGauges[]) => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['workspace'], registers: [registry] });
  const lag = gauge('holdfast_mirror_lag_seconds', 'How old the oldest change is that a mirror does not have yet.');
  const pending = gauge('holdfast_mirror_pending', 'Changes that a mirror does not have yet, counted up to 100,000.');
  const failing = gauge('holdfast_mirror_failing', '1 while a mirror’s database does not take changes.');
  return (mirrors) => {
    for (const each of [lag, pending, failing]) each.reset();
    for (const { workspaceId: workspace, lagSeconds, pending: count, isFailing } of mirrors) {
      lag.set({ workspace }, lagSeconds);
      pending.set({ workspace }, count);
      failing.set({ workspace }, isFailing ? 1 : 0);
    }
  };
}

function createProcessGauges(registry: Registry): (living: readonly LiveProcess[]) => void {
  const registers = [registry];
  const age = new Gauge({
    name: 'holdfast_lease_age_seconds',
    help: 'Since the last beat of each living process; beyond 5 s its runs are taken over.',
    labelNames: ['process', 'kind'],
    registers,
  });
  const stretches = new Gauge({
    name: 'holdfast_stretches_in_flight',
    help: 'Runs that a process is executing now, by lane.',
    labelNames: ['process', 'lane'],
    registers,
  });
  const effects = new Gauge({
    name: 'holdfast_effects_in_flight',
    help: 'Slow or repeated steps that a process is doing now.',
    labelNames: ['process'],
    registers,
  });
  const cached = new Gauge({
    name: 'holdfast_runs_cached',
    help: 'Runs that a worker keeps in memory.',
    labelNames: ['process'],
    registers,
  });
  const handOvers = new Counter({
    name: 'holdfast_handovers_total',
    help: 'Runs that went to another owner, by cause, since each process started.',
    labelNames: ['process', 'cause'],
    registers,
  });
  return (living) => {
    for (const each of [age, stretches, effects, cached, handOvers]) each.reset();
    for (const { process, kind, ageMs, facts } of living) {
      const told = processFacts.parse(facts);
      age.set({ process, kind }, ageMs / 1_000);
      stretches.set({ process, lane: 'express' }, told.express);
      stretches.set({ process, lane: 'temporal' }, told.stretches);
      effects.set({ process }, told.effects);
      cached.set({ process }, told.cachedRuns);
      for (const [cause, count] of Object.entries(told.handOvers)) handOvers.inc({ process, cause }, count);
    }
  };
}
