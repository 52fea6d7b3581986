import type { CSSProperties, DragEvent } from 'react';
import { categoryAccent } from '../theme/accents.ts';
import { NodeIcon } from './node-icon.tsx';
import type { PaletteEntry } from './palette-entries.ts';
import css from './palette.module.css';

export const dragType = 'application/x-holdfast-step';

interface Props {
  entry: PaletteEntry;
  id?: string;
  isActive?: boolean;
  isDraggable?: boolean;
  onChoose: (entry: PaletteEntry) => void;
  onPoint?: () => void;
}

/** A step to choose, by click, by keyboard or by dragging it onto the canvas. */
export function PaletteEntryButton({ entry, id, isActive = false, isDraggable = false, onChoose, onPoint }: Props) {
  const accent: CSSProperties & Record<'--accent', string> = { '--accent': categoryAccent(entry.definition.category) };
  const startDrag = (event: DragEvent) => {
    event.dataTransfer.setData(dragType, entry.key);
    event.dataTransfer.effectAllowed = 'copy';
  };
  return (
    <button
      type="button"
      id={id}
      className={css.entry}
      style={accent}
      title={entry.summary}
      data-active={isActive}
      draggable={isDraggable}
      data-type={entry.key}
      onClick={() => onChoose(entry)}
      onPointerMove={onPoint}
      onDragStart={isDraggable ? startDrag : undefined}
    >
      <span className={css.icon}>
        <NodeIcon name={entry.definition.icon} />
      </span>
      <span className={css.words}>
        <span className={css.title}>{entry.title}</span>
        <span className={css.summary}>{entry.summary}</span>
      </span>
    </button>
  );
}
