import { IconTrash } from '@tabler/icons-react';
import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, useInternalNode, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepFlowEdge } from '../document/derived-nodes.ts';
import { useDocument, useMarks } from '../document/workbench.tsx';
import css from './step-edge.module.css';

/** Smooth steps; a connection that goes back runs below both cards instead of through them. */
export const StepEdge = memo(function StepEdge(props: EdgeProps<StepFlowEdge>) {
  const { id, selected, source, target, data } = props;
  const turnX = data?.turnX ?? null;
  const isTaken = useMarks((marks) => marks.edges.has(id));
  const isMoving = useMarks((marks) => marks.movingEdges.has(id));
  const isFaded = useMarks((marks) => marks.fadesRest && !marks.edges.has(id));
  const centerY = useBackwardY(props.sourceX, props.targetX, source, target);
  const [path, labelX, labelY] = getSmoothStepPath({
    ...props,
    borderRadius: 12,
    offset: 24,
    ...(centerY === null ? {} : { centerY }),
    ...(turnX === null || props.targetX < props.sourceX ? {} : { centerX: turnX }),
  });
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        className={css.line ?? ''}
        data-selected={selected ?? false}
        data-taken={isTaken}
        data-moving={isMoving}
        data-faded={isFaded}
      />
      {selected ? <EdgeTools id={id} x={labelX} y={centerY ?? labelY} /> : null}
    </>
  );
});

function useBackwardY(sourceX: number, targetX: number, source: string, target: string): number | null {
  const from = useInternalNode(source);
  const to = useInternalNode(target);
  if (targetX > sourceX || !from || !to) return null;
  const bottom = (node: typeof from): number => node.internals.positionAbsolute.y + (node.measured.height ?? 100);
  return Math.max(bottom(from), bottom(to)) + 28;
}

function EdgeTools({ id, x, y }: { id: string; x: number; y: number }) {
  const { t } = useTranslation('canvas');
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const apply = useDocument((state) => state.apply);
  if (isReadOnly) return null;
  return (
    <EdgeLabelRenderer>
      <div className={`${css.tools} nodrag nopan`} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
        <button
          type="button"
          className={css.tool}
          aria-label={t('edge.remove')}
          title={t('edge.remove')}
          onClick={() => apply({ edit: 'disconnect', edge: id })}
        >
          <IconTrash size={14} stroke={1.5} aria-hidden />
        </button>
      </div>
    </EdgeLabelRenderer>
  );
}
