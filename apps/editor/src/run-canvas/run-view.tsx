import { catalog } from '@holdfast/nodes/catalog';
import type { RunDetail } from '@holdfast/contracts';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { createDocumentStore } from '../document/document-store.ts';
import { createMarksStore, keepSameMarks } from '../document/marks-store.ts';
import { createSessionStore } from '../document/session-store.ts';
import { useSession, WorkbenchProvider, type Workbench } from '../document/workbench.tsx';
import { Age } from '../parts/age.tsx';
import { RunStatusBadge } from '../parts/run-status-badge.tsx';
import { TopBarSlot } from '../shell/top-bar-slot.tsx';
import { OverrideBar } from './override-bar.tsx';
import { RunFacts } from './run-facts.tsx';
import { edgesOfRun, marksOfRun, movingEdgesOfRun } from './run-marks.ts';
import { StepDetails } from './step-details.tsx';
import { Timeline } from './timeline.tsx';
import css from './run-page.module.css';

/** The drawing with the run's way on it, what can be done above, the story below, the data at the side. */
export function RunView({ run }: { run: RunDetail }) {
  const [workbench] = useState((): Workbench => ({
    flowId: null,
    catalog,
    document: createDocumentStore(run.file, { isReadOnly: true }),
    session: createSessionStore({ selected: openNode(run) }),
    marks: createMarksStore(true),
  }));
  // Before the drawing looks where to begin.
  useLayoutEffect(() => {
    workbench.marks.setState((before) => ({
      steps: keepSameMarks(marksOfRun(run), before.steps),
      edges: edgesOfRun(run),
      movingEdges: movingEdgesOfRun(run),
    }));
  }, [workbench, run]);
  return (
    <WorkbenchProvider workbench={workbench}>
      <ReactFlowProvider>
        <Head run={run} />
        <div className={css.page}>
          <div className={css.main}>
            <OverrideBar run={run} />
            <div className={css.canvas}>
              <FlowCanvas />
            </div>
            <Timeline run={run} />
          </div>
          <Side run={run} />
        </div>
      </ReactFlowProvider>
    </WorkbenchProvider>
  );
}

/** What needs eyes first: the step that stands still. */
const openNode = (run: RunDetail): string[] =>
  run.steps
    .filter((step) => step.status === 'failed')
    .slice(-1)
    .map((step) => step.node);

function Head({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run');
  return (
    <TopBarSlot>
      <div className={css.head}>
        <Link to="/runs" aria-label={t('back')} title={t('back')}>
          <IconChevronLeft size={18} stroke={1.5} aria-hidden />
        </Link>
        <Link to="/flows/$id" params={{ id: run.flow.id }} className={css.title} style={{ color: 'var(--text-1)', textDecoration: 'none' }}>
          {run.flow.name}
        </Link>
        <RunStatusBadge run={run} />
        <span className={css.meta}>
          {t('version', { number: run.version.number })}
          {run.contact ? ` · ${run.contact.name}` : ''} · <Age at={run.startedAt} />
        </span>
      </div>
    </TopBarSlot>
  );
}

function Side({ run }: { run: RunDetail }) {
  const selected = useSession((session) => session.selected[0] ?? null);
  const steps = run.steps.filter((step) => step.node === selected);
  const side = useRef<HTMLElement>(null);
  const shown = useRef(selected);
  // On a narrow screen it stands below: a step that is chosen is brought into sight.
  useEffect(() => {
    if (selected !== null && selected !== shown.current) side.current?.scrollIntoView({ block: 'nearest' });
    shown.current = selected;
  }, [selected]);
  return (
    <aside className={css.side} ref={side}>
      {selected !== null ? <StepDetails run={run} node={selected} steps={steps} /> : <RunFacts run={run} />}
    </aside>
  );
}
