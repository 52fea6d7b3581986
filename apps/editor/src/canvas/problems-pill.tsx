import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useDocument, useMarks, useWorkbench } from '../document/workbench.tsx';
import css from './flow-canvas.module.css';

/** How many problems the flow has; opens their list. */
export function ProblemsPill() {
  const { t } = useTranslation('canvas');
  const { session } = useWorkbench();
  const isEmpty = useDocument((state) => state.file.nodes.length === 0);
  const count = useMarks((marks) => marks.findings.length);
  const hasErrors = useMarks((marks) => marks.findings.some((finding) => finding.severity === 'error'));
  if (isEmpty) return null;
  const open = () => session.getState().set({ panel: session.getState().panel === 'problems' ? null : 'problems' });
  return (
    <button
      type="button"
      className={css.pill}
      data-tone={count === 0 ? 'ok' : hasErrors ? 'bad' : 'warn'}
      onClick={open}
      data-testid="problems-pill"
    >
      {count === 0 ? <IconCircleCheck size={16} stroke={1.5} aria-hidden /> : <IconAlertTriangle size={16} stroke={1.5} aria-hidden />}
      {count === 0 ? t('problems.none') : t('problems.count', { count })}
    </button>
  );
}
