import { endpoints, type RunDetail, type RunStep } from '@holdfast/contracts';
import { renderConfig } from '@holdfast/graph';
import { jsonObject, type JsonObject, type JsonValue, type Scope } from '@holdfast/node-kit';
import { useMemo } from 'react';
import { useRead } from '../client/index.ts';
import { useWorkbench } from '../document/workbench.tsx';

/** What later steps could read when this step began: the latest output of every step that had ended by then. */
export function outputsBefore(run: Pick<RunDetail, 'timeline'>, startedAt: string): Record<string, JsonValue> {
  const outputs: Record<string, JsonValue> = {};
  for (const { entry } of run.timeline) {
    if (Date.parse(entry.at) > Date.parse(startedAt)) break;
    if (entry.kind === 'step-ended') outputs[entry.node] = entry.output;
    if (entry.kind === 'edited') Object.assign(outputs, entry.data);
  }
  return outputs;
}

/** Without settings that were left empty: they say nothing about what happened. */
export const filledIn = (config: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => !isEmpty(value)));

const isEmpty = (value: JsonValue): boolean =>
  value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** The step's settings with this run's values in them: what the step was given. Null when they can't be filled in any more. */
export function useStepInput(run: RunDetail, step: RunStep): JsonObject | null {
  const { catalog } = useWorkbench();
  const variables = useRead(endpoints.listVariables, {}, { staleTime: 60_000 });
  return useMemo(() => {
    const node = run.file.nodes.find((candidate) => candidate.id === step.node);
    const definition = node && catalog[node.type];
    if (!node || !definition || definition.kind === 'trigger' || !variables.data) return null;
    const scope: Scope = {
      trigger: run.trigger,
      nodes: outputsBefore(run, step.startedAt),
      conversation: null,
      contact: run.contact ? { id: run.contact.id, name: run.contact.name, language: '', attributes: {} } : null,
      variables: Object.fromEntries(variables.data.items.map(({ name, value }) => [name, value])),
      run: { id: run.id, startedAt: run.startedAt, flow: run.flow.name },
    };
    try {
      const parsed = jsonObject.safeParse(renderConfig(definition, node.config, scope));
      return parsed.success ? filledIn(parsed.data) : null;
    } catch {
      return null;
    }
  }, [run, step, catalog, variables.data]);
}
