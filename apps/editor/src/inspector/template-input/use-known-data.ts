import { endpoints } from '@holdfast/contracts';
import type { JsonObject } from '@holdfast/node-kit';
import { useMemo } from 'react';
import { useRead } from '../../client/index.ts';
import { useWorkbench } from '../../document/workbench.tsx';
import type { KnownData } from './data-fields.ts';

const nothing: KnownData = { trigger: {}, nodes: {}, contact: null, variables: {}, hasRun: false };

/** The values of the last run and the workspace's variables, for the data picker and the preview. */
export function useKnownData(): KnownData {
  const { flowId } = useWorkbench();
  const samples = useRead(endpoints.sampleData, { params: { id: flowId ?? '' } }, { enabled: flowId !== null, staleTime: 30_000 });
  const variables = useRead(endpoints.listVariables, {}, { enabled: flowId !== null, staleTime: 30_000 });
  return useMemo(() => {
    const byName: JsonObject = Object.fromEntries((variables.data?.items ?? []).map(({ name, value }) => [name, value]));
    const data = samples.data;
    return data
      ? { trigger: data.trigger, nodes: data.nodes, contact: data.contact, variables: byName, hasRun: data.run !== null }
      : { ...nothing, variables: byName };
  }, [samples.data, variables.data]);
}
