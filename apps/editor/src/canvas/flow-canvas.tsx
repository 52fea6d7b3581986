import '@xyflow/react/dist/style.css';
import { useMantineColorScheme } from '@mantine/core';
import { Background, BackgroundVariant, MiniMap, Panel, ReactFlow, SelectionMode, type EdgeTypes, type NodeTypes } from '@xyflow/react';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PastedCurl } from '../curl/paste-curl.tsx';
import type { CanvasNode, StepFlowEdge } from '../document/derived-nodes.ts';
import { useDocument, useSession, useWorkbench } from '../document/workbench.tsx';
import { categoryAccent } from '../theme/accents.ts';
import { Guides } from './guides.tsx';
import { NoteNode } from './note-node.tsx';
import { ProblemsPill } from './problems-pill.tsx';
import { QuickPalette } from './quick-palette.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { ShortcutsHelp } from './shortcuts-help.tsx';
import { StepEdge } from './step-edge.tsx';
import { StepNode } from './step-node.tsx';
import { useCanvasKeys } from './use-canvas-keys.ts';
import { useCanvasNodes } from './use-canvas-nodes.ts';
import { useClipboard } from './use-clipboard.ts';
import { useFirstView } from './use-first-view.ts';
import { useConnecting } from './use-connecting.ts';
import { useStepDrop } from './use-step-drop.ts';
import { ZoomBar } from './zoom-bar.tsx';
import css from './flow-canvas.module.css';

const nodeTypes: NodeTypes = { step: StepNode, note: NoteNode };
const edgeTypes: EdgeTypes = { step: StepEdge };
const grid: [number, number] = [16, 16];

/** The drawing. Everything it shows comes from the workbench around it; `children` float above it. */
export function FlowCanvas({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('canvas');
  const { catalog } = useWorkbench();
  const { colorScheme } = useMantineColorScheme();
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const isSmall = useDocument((state) => state.file.nodes.length < 2);
  const hasPanels = useSession((state) => state.isHelpOpen);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useCanvasNodes();
  const showStart = useFirstView(frame);
  const connecting = useConnecting();
  const drop = useStepDrop();
  useCanvasKeys(frame, canvas.measured);
  useClipboard(frame);
  const colorOf = (node: CanvasNode): string => {
    const definition = node.type === 'step' ? catalog[node.data.node.type] : undefined;
    return definition ? categoryAccent(definition.category) : 'var(--note-paper)';
  };
  return (
    <div ref={frame} className={css.frame} {...drop} data-testid="canvas">
      <ReactFlow<CanvasNode, StepFlowEdge>
        nodes={canvas.nodes}
        edges={canvas.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={canvas.onNodesChange}
        onEdgesChange={canvas.onEdgesChange}
        {...connecting}
        aria-label={t('canvas.label')}
        colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
        nodesDraggable={!isReadOnly}
        nodesConnectable={!isReadOnly}
        edgesFocusable={!isReadOnly}
        elementsSelectable
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
        selectionMode={SelectionMode.Partial}
        snapToGrid
        snapGrid={grid}
        minZoom={0.25}
        maxZoom={2}
        onInit={showStart}
        connectionRadius={36}
        onlyRenderVisibleElements
        elevateNodesOnSelect
        nodeDragThreshold={2}
        disableKeyboardA11y={false}
        zoomOnDoubleClick={false}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} />
        {isReadOnly ? null : <Guides dragged={canvas.dragged} measured={canvas.measured} />}
        <Panel position="bottom-left">
          <ZoomBar measured={canvas.measured} />
        </Panel>
        {isReadOnly ? null : (
          <Panel position="bottom-center" className={css.pillPlace ?? ''}>
            <ProblemsPill />
          </Panel>
        )}
        {isReadOnly ? null : (
          <Panel position="top-center">
            <SelectionBar />
          </Panel>
        )}
        {isSmall ? null : (
          <MiniMap
            position="bottom-right"
            pannable
            zoomable
            nodeColor={colorOf}
            nodeBorderRadius={12}
            ariaLabel={t('canvas.minimap')}
            style={minimapSize}
          />
        )}
        {children}
      </ReactFlow>
      <QuickPalette />
      <PastedCurl />
      {hasPanels ? <ShortcutsHelp /> : null}
    </div>
  );
}

const minimapSize = { width: 168, height: 112 };
