import { randomBytes } from 'node:crypto';
import { createNamespace } from '@holdfast/stack';
import { Connection } from '@temporalio/client';
import { service } from './services.ts';

export interface TestTemporal {
  address: string;
  namespace: string;
  close(): Promise<void>;
}

/** A namespace of its own on the run's one dev server: task queues and workflow ids of other test files are not seen in it. */
export async function testTemporal(): Promise<TestTemporal> {
  const address = service('temporal');
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await createNamespace({ binary: service('temporalBinary'), port: Number(address.split(':')[1]), namespace });
  await waitUntilUsable(address, namespace);
  return { address, namespace, close: async () => undefined };
}

/** A new namespace reaches the server's caches a moment after its creation. */
async function waitUntilUsable(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    for (let attempt = 0; ; attempt++) {
      const usable = await connection.workflowService.listOpenWorkflowExecutions({ namespace, maximumPageSize: 1 }).then(
        () => true,
        (error: unknown) => {
          if (attempt === 1_000) throw error;
          return false;
        },
      );
      if (usable) return;
      await new Promise((done) => setTimeout(done, 50));
    }
  } finally {
    await connection.close();
  }
}
