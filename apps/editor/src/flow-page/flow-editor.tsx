import { catalog } from '@holdfast/nodes/catalog';
import type { FlowDetail } from '@holdfast/contracts';
import { ReactFlowProvider } from '@xyflow/react';
import { useState } from 'react';
import { useMay } from '../client/index.ts';
import { createDocumentStore } from '../document/document-store.ts';
import { createMarksStore } from '../document/marks-store.ts';
import { createSessionStore } from '../document/session-store.ts';
import { WorkbenchProvider, type Workbench } from '../document/workbench.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { FlowTopBar } from './flow-top-bar.tsx';
import { FlowWorkspace } from './flow-workspace.tsx';
import { RecoverDialog } from './recover-dialog.tsx';
import { useAutosave } from './use-autosave.ts';
import { useFindings } from './use-findings.ts';
import { useOthersChanges } from './use-others-changes.ts';
import { VersionsDrawer } from './versions-drawer.tsx';

const wideEnough = 1180;

/** Everything around one flow that is being edited, wired together. */
export function FlowEditor({ detail, isTesting }: { detail: FlowDetail; isTesting: boolean }) {
  const mayWrite = useMay('flows.write');
  const maySimulate = useMay('simulator.use');
  const [workbench] = useState((): Workbench => ({
    flowId: detail.id,
    catalog,
    document: createDocumentStore(detail.draft, { isReadOnly: !mayWrite }),
    session: createSessionStore({
      isSimulatorOpen: isTesting && maySimulate,
      isPaletteOpen: globalThis.innerWidth >= wideEnough,
      isInspectorOpen: globalThis.innerWidth >= wideEnough,
    }),
    marks: createMarksStore(),
  }));
  const autosave = useAutosave(detail.id, workbench.document, detail.revision);
  useFindings(workbench);
  useOthersChanges(detail.id, workbench.document, autosave);
  return (
    <WorkbenchProvider workbench={workbench}>
      <ReactFlowProvider>
        <FlowTopBar detail={detail} autosave={autosave} />
        <FlowWorkspace detail={detail} />
        <VersionsDrawer flowId={detail.id} />
        <ConflictDialog autosave={autosave} />
        <RecoverDialog flowId={detail.id} revision={detail.revision} />
      </ReactFlowProvider>
    </WorkbenchProvider>
  );
}
