import { NodeResizer, type NodeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NoteFlowNode } from '../document/derived-nodes.ts';
import { useDocument } from '../document/workbench.tsx';
import css from './note-node.module.css';

/** Paper on the canvas: a double click, or Enter, writes on it. */
export const NoteNode = memo(function NoteNode({ data: { note }, selected }: NodeProps<NoteFlowNode>) {
  const { t } = useTranslation('canvas');
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const apply = useDocument((state) => state.apply);
  const [isWriting, setIsWriting] = useState(note.text === '' && !isReadOnly);
  return (
    <>
      {selected && !isReadOnly ? <NodeResizer minWidth={120} minHeight={60} color="var(--brand)" /> : null}
      <div className={css.note} data-selected={selected} onDoubleClick={() => setIsWriting(!isReadOnly)}>
        {isWriting ? (
          <textarea
            className={`${css.editor} nodrag nowheel`}
            defaultValue={note.text}
            maxLength={5_000}
            autoFocus
            aria-label={t('note.label')}
            onChange={(event) => apply({ edit: 'change-note', note: { ...note, text: event.currentTarget.value } }, `note:${note.id}`)}
            onBlur={() => setIsWriting(false)}
            onKeyDown={(event) => void (event.key === 'Escape' && event.currentTarget.blur())}
          />
        ) : (
          <div className={note.text === '' ? `${css.text} ${css.empty}` : css.text}>{note.text === '' ? t('note.empty') : note.text}</div>
        )}
      </div>
    </>
  );
});
