import type { Pool } from '@holdfast/db';
import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createRunMetrics } from './run-metrics.ts';

export interface ServerMetrics {
  /** Times every request by its route's pattern, never by its address: ids would make a series each. */
  observe: (request: Request, response: Response, next: NextFunction) => void;
  render: () => Promise<{ contentType: string; text: string }>;
}

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
  new Gauge({
    name: 'holdfast_live_streams',
    help: 'Browsers that listen for changes.',
    registers,
    collect() {
      this.set(countStreams());
    },
  });

  const runMetrics = createRunMetrics(pool, registry);
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
      await runMetrics.read().catch(() => broken.inc());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
