import { countGauges, type Pool } from '@holdfast/db';
import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface ServerMetrics {
  /** Times every request by its route's pattern, never by its address: ids would make a series each. */
  observe: (request: Request, response: Response, next: NextFunction) => void;
  render: () => Promise<{ contentType: string; text: string }>;
}

const statuses = ['running', 'waiting', 'paused', 'attention'] as const;
const sendStates = ['planned', 'dispatching', 'accepted', 'rejected', 'unknown', 'cancelled'] as const;

export function createMetrics(pool: Pool, countStreams: () => number): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'Time from request to answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const broken = new Counter({ name: 'holdfast_metrics_failures_total', help: 'Scrapes that could not ask the database.', registers });
  const runs = new Gauge({ name: 'holdfast_runs', help: 'Runs that have not ended, by status.', labelNames: ['status'], registers });
  const sends = new Gauge({
    name: 'holdfast_sends',
    help: 'Messages to customers in the ledger, by state.',
    labelNames: ['state'],
    registers,
  });
  const queue = new Gauge({
    name: 'holdfast_queue_depth',
    help: 'What waits: messages for a run, runs for their start, people for staff.',
    labelNames: ['queue'],
    registers,
  });
  new Gauge({
    name: 'holdfast_live_streams',
    help: 'Browsers that listen for changes.',
    registers,
    collect() {
      this.set(countStreams());
    },
  });

  const readGauges = async () => {
    const gauges = await countGauges(pool);
    for (const status of statuses) runs.set({ status }, gauges.runs.find((row) => row.status === status)?.count ?? 0);
    for (const state of sendStates) sends.set({ state }, gauges.sends.find((row) => row.state === state)?.count ?? 0);
    queue.set({ queue: 'inbox' }, gauges.pendingInbox);
    queue.set({ queue: 'starts' }, gauges.dueRuns);
    queue.set({ queue: 'handoffs' }, gauges.openHandoffs);
  };
  return {
    observe: (request, response, next) => {
      const startedAt = performance.now();
      response.on('finish', () => {
        const route: unknown = request.route?.path; // express types it as any
        duration.observe(
          { method: request.method, route: typeof route === 'string' ? route : 'other', status: response.statusCode },
          (performance.now() - startedAt) / 1_000,
        );
      });
      next();
    },
    render: async () => {
      // Without the database the process's own figures are still worth reading.
      await readGauges().catch(() => broken.inc());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
