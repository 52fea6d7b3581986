import { IconCopyPlus, IconLayoutAlignLeft, IconLayoutAlignTop, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../document/workbench.tsx';
import { useCanvasCommands } from './canvas-commands.ts';
import { BarButton } from './zoom-bar.tsx';
import css from './flow-canvas.module.css';

/** What can be done with several steps at once. */
export function SelectionBar() {
  const { t } = useTranslation('canvas');
  const count = useSession((state) => state.selected.length);
  const commands = useCanvasCommands();
  if (count < 2) return null;
  return (
    <div className={css.selection} role="toolbar" aria-label={t('selection.label')}>
      <span className={css.selectionCount}>{t('selection.count', { count })}</span>
      <BarButton Icon={IconLayoutAlignLeft} label={t('selection.alignLeft')} onClick={() => commands.align('x')} />
      <BarButton Icon={IconLayoutAlignTop} label={t('selection.alignTop')} onClick={() => commands.align('y')} />
      <BarButton Icon={IconCopyPlus} label={t('selection.duplicate')} onClick={commands.duplicateSelected} />
      <BarButton Icon={IconTrash} label={t('selection.remove')} onClick={commands.removeSelected} />
    </div>
  );
}
