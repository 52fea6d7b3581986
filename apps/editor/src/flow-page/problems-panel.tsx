import type { Finding } from '@holdfast/graph';
import { IconAlertCircle, IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../canvas/zoom-bar.tsx';
import { useDocument, useMarks, useWorkbench } from '../document/workbench.tsx';
import { useSentence } from '../document/use-sentence.ts';
import css from './flow-page.module.css';

/** Every problem of the flow; one click goes to the step and its field. */
export function ProblemsPanel() {
  const { t } = useTranslation('flow');
  const { session } = useWorkbench();
  const findings = useMarks((marks) => marks.findings);
  return (
    <section className={css.panel} aria-label={t('problems.title')}>
      <div className={css.panelHead}>
        {findings.length === 0 ? t('problems.none') : t('problems.title')}
        <span className={css.space} />
        <BarButton Icon={IconX} label={t('problems.close')} onClick={() => session.getState().set({ panel: null })} />
      </div>
      <div className={css.panelBody}>
        {findings.map((finding) => (
          <ProblemRow key={`${finding.code}/${finding.node}/${finding.edge}/${finding.field}/${finding.reason}`} finding={finding} />
        ))}
      </div>
    </section>
  );
}

function ProblemRow({ finding }: { finding: Finding }) {
  const { session } = useWorkbench();
  const flow = useReactFlow();
  const say = useSentence();
  const node = useDocument((state) =>
    finding.node === undefined ? undefined : state.file.nodes.find((candidate) => candidate.id === finding.node),
  );
  const show = () => {
    if (finding.edge !== undefined && !node) session.getState().select([], [finding.edge]);
    if (!node) return;
    session.getState().reveal(node.id, finding.field);
    void flow.fitView({ nodes: [{ id: node.id }], maxZoom: Math.max(flow.getZoom(), 0.8), minZoom: 0.6, duration: 200, padding: 1 });
  };
  return (
    <button type="button" className={css.problem} data-severity={finding.severity} onClick={show}>
      {finding.severity === 'error' ? (
        <IconAlertCircle size={17} stroke={1.75} aria-hidden />
      ) : (
        <IconAlertTriangle size={17} stroke={1.75} aria-hidden />
      )}
      <span>
        {say(finding.reason, node?.type)}
        <small>{say(finding.fix, node?.type)}</small>
      </span>
      {node ? <em>{node.name}</em> : null}
    </button>
  );
}
