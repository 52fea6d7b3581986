import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useWorkbench } from '../document/workbench.tsx';
import css from './flow-canvas.module.css';

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
const ctrl = isMac ? '⌘' : 'Ctrl';
const keys = [
  ['search', '/'],
  ['settings', 'Enter'],
  ['moveAround', 'Tab'],
  ['nudge', '← ↑ → ↓'],
  ['select', 'Shift + drag'],
  ['selectAll', `${ctrl} A`],
  ['copy', `${ctrl} C`],
  ['paste', `${ctrl} V`],
  ['duplicate', `${ctrl} D`],
  ['remove', 'Delete'],
  ['undo', `${ctrl} Z`],
  ['redo', isMac ? '⌘ Shift Z' : 'Ctrl Y'],
  ['fit', 'F'],
  ['tidy', 'Shift T'],
  ['note', 'N'],
  ['help', '?'],
] as const;

export function ShortcutsHelp() {
  const { t } = useTranslation('canvas');
  const isOpen = useSession((state) => state.isHelpOpen);
  const { session } = useWorkbench();
  return (
    <Modal opened={isOpen} onClose={() => session.getState().set({ isHelpOpen: false })} title={t('help.title')}>
      <div className={css.keys}>
        {keys.map(([name, key]) => (
          <Fragment key={name}>
            <kbd>{key}</kbd>
            <span>{t(`help.${name}`)}</span>
          </Fragment>
        ))}
      </div>
    </Modal>
  );
}
