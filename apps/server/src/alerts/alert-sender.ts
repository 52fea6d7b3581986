import { claimAlertDeliveries, settleAlertDelivery, type DueDelivery } from '@holdfast/db';
import { asHoldfastError, toProblem } from '@holdfast/errors';
import type { Logger } from 'pino';
import { sendAlert, type AlertDeps } from './send-alert.ts';

const intervalMs = 2_000;
const batch = 20;
/** About eight hours in all. */
const maxAttempts = 10;

/** Seconds until the next try: 15 s, doubling up to 2 h. */
export const retryInSeconds = (attempts: number): number => Math.min(7_200, 15 * 2 ** (attempts - 1));

/** Delivers alerts to staff, with backoff; several servers share the work. */
export function startAlertSender(deps: AlertDeps & { logger: Logger }): { stop: () => Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const round = async (): Promise<void> => {
    try {
      const due = await claimAlertDeliveries(deps.pool, batch);
      await Promise.all(due.map((delivery) => deliver(deps, delivery)));
    } catch (error) {
      deps.logger.warn({ err: error }, 'alerts could not be looked at');
    }
    if (!isStopped) timer = setTimeout(next, intervalMs);
  };
  let working = Promise.resolve();
  const next = () => {
    working = round();
  };
  next();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}

async function deliver(deps: AlertDeps & { logger: Logger }, delivery: DueDelivery): Promise<void> {
  const { workspaceId, alertId, routeId } = delivery;
  try {
    await sendAlert(deps, delivery);
    await settleAlertDelivery(deps.pool, { workspaceId, alertId, routeId, state: 'sent', problem: null, retryInSeconds: 0 });
  } catch (error) {
    const known = asHoldfastError(error, 'upstream.unreachable');
    const isOver = delivery.attempts >= maxAttempts;
    deps.logger.warn(
      { alertId, routeId, code: known.code, attempts: delivery.attempts },
      isOver ? 'alert given up' : 'alert will be tried again',
    );
    await settleAlertDelivery(deps.pool, {
      workspaceId,
      alertId,
      routeId,
      state: isOver ? 'failed' : 'planned',
      problem: { ...toProblem(known) },
      retryInSeconds: retryInSeconds(delivery.attempts),
    });
  }
}
