import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/**
 * Whether Temporal has definitely no open workflow for a run. Everything else (it can't be reached, it is just starting, its
 * namespace is not there yet) is no answer and throws: a run is never taken over on silence.
 */
export async function isGone(client: Client, runId: string, epoch: number): Promise<boolean> {
  try {
    const found = await client.workflow.getHandle(`${runId}.${epoch}`).describe();
    return found.status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}
