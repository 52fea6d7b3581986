import { IconPlus, IconPointFilled } from '@tabler/icons-react';
import type { Port } from '@holdfast/node-kit';
import { Handle, Position, useStore as useFlowStore, type NodeProps } from '@xyflow/react';
import { memo, type CSSProperties, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { connectedPorts, type StepFlowNode } from '../document/derived-nodes.ts';
import { noFindings } from '../document/marks-store.ts';
import { useDocument, useMarks, useWorkbench } from '../document/workbench.tsx';
import { categoryAccent } from '../theme/accents.ts';
import { CardSummary } from './card-summary.tsx';
import { describeStep, drawnPorts } from './drawable-config.ts';
import { FaultChip } from './fault-chip.tsx';
import { NodeIcon } from './node-icon.tsx';
import { useNodeWords } from './node-words.ts';
import { FindingsBadge, RunBadge } from './step-badge.tsx';
import css from './step-node.module.css';

/** One card per step. Redraws when its own step, selection, problems, run state or connections change, and for nothing else. */
export const StepNode = memo(function StepNode({ data: { node }, selected, dragging }: NodeProps<StepFlowNode>) {
  const { catalog } = useWorkbench();
  const findings = useMarks((marks) => marks.findingsByNode.get(node.id) ?? noFindings);
  const mark = useMarks((marks) => marks.steps.get(node.id));
  const chosen = useMarks((marks) => marks.faults.get(node.id));
  const fault = chosen ?? mark?.pretended;
  const isFaded = useMarks((marks) => marks.fadesRest && !marks.steps.has(node.id));
  const isFar = useFlowStore((flow) => flow.transform[2] < 0.45);
  const definition = catalog[node.type];
  const accent: CSSProperties & Record<'--accent', string> = {
    '--accent': definition ? categoryAccent(definition.category) : 'var(--bad)',
  };
  const summary = definition ? describeStep(definition, node.config) : '';
  const ports = definition ? Object.entries(drawnPorts(definition, node.config)) : [];
  return (
    <div
      className={isFar ? `${css.card} ${css.far}` : css.card}
      style={accent}
      data-testid={`step-${node.id}`}
      data-selected={selected}
      data-dragging={dragging}
      data-faded={isFaded}
      {...(mark ? { 'data-state': mark.state } : {})}
    >
      <div className={css.header}>
        {definition?.kind === 'trigger' ? null : <Handle type="target" position={Position.Left} id="in" />}
        <span className={css.icon}>
          <NodeIcon name={definition?.icon ?? 'help'} />
        </span>
        <span className={css.name} title={node.name}>
          {node.name}
        </span>
        {mark ? <RunBadge mark={mark} /> : <FindingsBadge findings={findings} type={node.type} />}
      </div>
      {fault ? <FaultChip fault={fault} /> : null}
      {summary === '' ? null : <CardSummary text={summary} />}
      {ports.length === 0 ? null : (
        <ul className={css.ports}>
          {ports.map(([id, port]) => (
            <PortRow key={id} node={node.id} type={node.type} id={id} port={port} />
          ))}
        </ul>
      )}
    </div>
  );
});

interface PortRowProps {
  node: string;
  type: string;
  id: string;
  port: Port;
}

function PortRow({ node, type, id, port }: PortRowProps) {
  const { t } = useTranslation('canvas');
  const { session } = useWorkbench();
  const words = useNodeWords();
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const isConnected = useDocument((state) => connectedPorts(state.file, node).includes(`|${id}|`));
  const label = words.port(type, id, port);
  const addAfter = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    session.getState().set({ quickPalette: { screen: { x: box.right + 8, y: box.top - 12 }, canvas: null, from: { node, port: id } } });
  };
  return (
    <li className={css.port} data-unhappy={port.unhappy ?? false}>
      {port.mandatory && !isConnected && !isReadOnly ? (
        <span className={css.mandatory} title={t('port.mandatory')}>
          <IconPointFilled size={10} aria-hidden />
        </span>
      ) : null}
      <span className={css.portLabel} title={label}>
        {label}
      </span>
      <Handle type="source" position={Position.Right} id={id} className={isConnected ? css.connected : ''} />
      {isConnected || isReadOnly ? null : (
        <button
          type="button"
          className={`${css.plus} nodrag nopan`}
          onClick={addAfter}
          aria-label={t('port.add', { port: label })}
          title={t('port.add', { port: label })}
        >
          <IconPlus size={13} stroke={2} aria-hidden />
        </button>
      )}
    </li>
  );
}
