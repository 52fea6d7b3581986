import { Client, Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { testTemporal } from './test-temporal.ts';

test('a test gets a namespace of its own in which a workflow can be started at once', async () => {
  const [one, two] = await Promise.all([testTemporal(), testTemporal()]);
  expect(one.namespace).not.toBe(two.namespace);
  const connection = await Connection.connect({ address: one.address });
  const client = new Client({ connection, namespace: one.namespace });
  const started = await client.workflow.start('anything', { workflowId: 'w1', taskQueue: 'nobody' });
  expect((await started.describe()).status.name).toBe('RUNNING');
  await started.terminate();
  await connection.close();
});
