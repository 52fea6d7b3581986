import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconFocusCentered,
  IconKeyboard,
  IconMinus,
  IconNote,
  IconPlus,
  IconSitemap,
  type Icon,
} from '@tabler/icons-react';
import { useReactFlow, useViewport } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import type { Sizes } from '../document/layout.ts';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import { useCanvasCommands } from './canvas-commands.ts';
import css from './flow-canvas.module.css';

/** Undo and redo, zoom, tidy up, notes and the keys: bottom left. */
export function ZoomBar({ measured }: { measured: Sizes }) {
  const { t } = useTranslation('canvas');
  const flow = useReactFlow();
  const { zoom } = useViewport();
  const { session } = useWorkbench();
  const commands = useCanvasCommands();
  const isReadOnly = useDocument((state) => state.isReadOnly);
  return (
    <div className={css.bars}>
      {isReadOnly ? null : <UndoBar />}
      <div className={css.bar}>
        <BarButton Icon={IconMinus} label={t('zoom.out')} onClick={() => void flow.zoomOut({ duration: 120 })} />
        <button type="button" className={css.zoom} title={t('zoom.reset')} onClick={() => void flow.zoomTo(1, { duration: 120 })}>
          {Math.round(zoom * 100)} %
        </button>
        <BarButton Icon={IconPlus} label={t('zoom.in')} onClick={() => void flow.zoomIn({ duration: 120 })} />
        <BarButton Icon={IconFocusCentered} label={t('zoom.fit')} onClick={commands.fit} />
      </div>
      <div className={css.bar}>
        {isReadOnly ? null : <BarButton Icon={IconSitemap} label={t('tidy')} onClick={() => void commands.tidy(measured)} />}
        {isReadOnly ? null : <BarButton Icon={IconNote} label={t('note.add')} onClick={commands.addNote} />}
        <BarButton Icon={IconKeyboard} label={t('help.title')} onClick={() => session.getState().set({ isHelpOpen: true })} />
      </div>
    </div>
  );
}

function UndoBar() {
  const { t } = useTranslation('canvas');
  const canUndo = useDocument((state) => state.undoSteps.length > 0);
  const canRedo = useDocument((state) => state.redoSteps.length > 0);
  const undo = useDocument((state) => state.undo);
  const redo = useDocument((state) => state.redo);
  return (
    <div className={css.bar}>
      <BarButton Icon={IconArrowBackUp} label={t('undo')} isDisabled={!canUndo} onClick={undo} />
      <BarButton Icon={IconArrowForwardUp} label={t('redo')} isDisabled={!canRedo} onClick={redo} />
    </div>
  );
}

interface BarButtonProps {
  Icon: Icon;
  label: string;
  isDisabled?: boolean;
  onClick: () => void;
}

export function BarButton({ Icon, label, isDisabled = false, onClick }: BarButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={28}
        disabled={isDisabled}
        aria-label={label}
        onClick={onClick}
        style={{ background: isDisabled ? 'transparent' : undefined, border: 0 }}
      >
        <Icon size={17} stroke={1.5} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
