import { checkFlow, type Finding } from '@holdfast/graph';
import { endpoints } from '@holdfast/contracts';
import type { CheckWorld, JsonValue } from '@holdfast/node-kit';
import { useEffect, useMemo } from 'react';
import { useMay, useRead } from '../client/index.ts';
import { groupFindings } from '../document/marks-store.ts';
import type { Workbench } from '../document/workbench.tsx';

/** What the checks need to know of the workspace; undefined until all of it is known, so that nothing is called missing too early. */
function useCheckWorld(): CheckWorld | undefined {
  const mayCredentials = useMay('credentials.read');
  const credentials = useRead(endpoints.listCredentials, {}, { enabled: mayCredentials, staleTime: 30_000 });
  const channels = useRead(endpoints.listChannels, {}, { staleTime: 30_000 });
  const variables = useRead(endpoints.listVariables, {}, { staleTime: 30_000 });
  const templates = useRead(endpoints.listMessageTemplates, {}, { staleTime: 30_000 });
  return useMemo(() => {
    if (!credentials.data || !channels.data || !variables.data || !templates.data) return undefined;
    return {
      credentials: credentials.data.items.map(({ id, name, kind }) => ({ id, name, kind })),
      channels: channels.data.items.map(({ id, name, kind }) => ({ id, name, kind })),
      variables: variables.data.items.map(({ name }) => name),
      // The answer's schema says JSON.
      templates: templates.data.items.map(({ components, ...rest }) => ({ ...rest, components: components as JsonValue[] })),
    };
  }, [credentials.data, channels.data, variables.data, templates.data]);
}

/** Checks the flow a moment after each change, while the browser has nothing better to do; the drawing never waits for it. */
export function useFindings({ document, marks, catalog }: Workbench): void {
  const world = useCheckWorld();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = () => {
      const findings: readonly Finding[] = checkFlow(document.getState().file, catalog, world);
      const before = marks.getState();
      marks.setState({ findings, findingsByNode: groupFindings(findings, before.findingsByNode) });
    };
    const plan = () => {
      clearTimeout(timer);
      timer = setTimeout(check, 150);
    };
    check();
    const stop = document.subscribe((state, before) => void (state.file !== before.file && plan()));
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [document, marks, catalog, world]);
}
