import type { FlowNode } from '@holdfast/graph';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { noFindings } from '../document/marks-store.ts';
import { useMarks, useSession, useWorkbench } from '../document/workbench.tsx';
import type { FormContextValue } from './form/form-context.tsx';
import { labelsFor } from './template-input/chip-label.ts';
import { dataGroups } from './template-input/data-fields.ts';
import { previewScope } from './template-input/preview-scope.ts';
import { widgetOf } from './widgets/widget-registry.ts';
import { useKnownData } from './template-input/use-known-data.ts';
import { useDocument } from '../document/workbench.tsx';

/** What the fields of one step share. Data and scope are computed when a picker or a preview asks. */
export function useFormContextValue(node: FlowNode): FormContextValue {
  const { t } = useTranslation('inspector');
  const { catalog, document } = useWorkbench();
  const findings = useMarks((marks) => marks.findingsByNode.get(node.id) ?? noFindings);
  const focusField = useSession((session) => session.focusField);
  const isRich = node.config['textFormat'] === 'rich';
  const undo = useDocument((state) => state.undo);
  // Chips are drawn anew when a step is renamed, added or removed, not when one is moved or configured.
  const names = useDocument((state) => namesOf(state.file.nodes));
  const known = useKnownData();
  const variables = useMemo(() => Object.keys(known.variables), [known]);
  const labelOf = useMemo(() => labelsFor(names, variables, t), [names, variables, t]);
  return useMemo(
    () => ({
      node: node.id,
      type: node.type,
      findings,
      focusField,
      isRich,
      labelOf,
      undo,
      widgetOf,
      groups: () => dataGroups(document.getState().file, catalog, node.id, known),
      scope: () => previewScope(document.getState().file, catalog, node.id, known),
    }),
    [node.id, node.type, findings, focusField, isRich, labelOf, undo, document, catalog, known],
  );
}

type Names = readonly { id: string; name: string }[];
let last: { nodes: readonly FlowNode[]; names: Names } = { nodes: [], names: [] };

/** The steps' names; the same list as long as no name and no step changed. One flow is edited at a time, so one is kept. */
function namesOf(nodes: readonly FlowNode[]): Names {
  if (last.nodes === nodes) return last.names;
  const isSame =
    nodes.length === last.names.length &&
    nodes.every((node, index) => node.id === last.names[index]?.id && node.name === last.names[index]?.name);
  last = { nodes, names: isSame ? last.names : nodes.map(({ id, name }) => ({ id, name })) };
  return last.names;
}
