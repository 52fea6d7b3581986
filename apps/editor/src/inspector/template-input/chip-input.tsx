import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type ClipboardEvent, type KeyboardEvent, type Ref } from 'react';
import { drawText, placeCaret, readSelection, readText, type LabelOf } from './chip-dom.ts';
import { insertInto, needsRedraw, removeChipAt, type TextEdit } from './edit-text.ts';
import { formatText, formattingOf, type Formatting } from './format-text.ts';
import css from './chip-input.module.css';

export interface ChipInputHandle {
  /** Inserts at the caret, or at the end when the caret is elsewhere. */
  insert: (liquid: string) => void;
  focus: () => void;
  /** Formats what is selected. */
  format: (formatting: Formatting) => void;
}

interface Props {
  value: string;
  onChange: (text: string) => void;
  onUndo: () => void;
  labelOf: LabelOf;
  isMultiline: boolean;
  /** Ctrl+B, I and K format the text. */
  isFormatted: boolean;
  placeholder: string;
  id: string;
  label: string;
  ref?: Ref<ChipInputHandle>;
}

/**
 * A text field that shows inserted values as chips. The browser edits plain words; whatever concerns a chip is computed on
 * the text and drawn anew, so that the DOM never holds a state that the text does not.
 */
export function ChipInput({ value, onChange, onUndo, labelOf, isMultiline, isFormatted, placeholder, id, label, ref }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ text: string; labelOf: LabelOf | null }>({ text: '', labelOf: null });
  const lastCaret = useRef<[number, number] | null>(null);

  const draw = (edit: TextEdit | string) => {
    const element = root.current;
    if (!element) return;
    const text = typeof edit === 'string' ? edit : edit.text;
    drawText(element, text, labelOf);
    drawn.current = { text, labelOf };
    element.dataset['empty'] = String(text === '');
    if (typeof edit !== 'string') {
      element.focus();
      placeCaret(element, edit.caret);
      lastCaret.current = [edit.caret, edit.caret];
    }
  };
  const apply = (edit: TextEdit) => {
    draw(edit);
    onChange(edit.text);
  };
  useLayoutEffect(() => {
    if (drawn.current.text === value && drawn.current.labelOf === labelOf) return;
    const element = root.current;
    const caret = element && document.activeElement === element ? readSelection(element) : null;
    draw(caret ? { text: value, caret: Math.min(caret[0], value.length) } : value);
  });
  useEffect(() => {
    const remember = () => {
      const selection = root.current && readSelection(root.current);
      if (selection) lastCaret.current = selection;
    };
    document.addEventListener('selectionchange', remember);
    return () => document.removeEventListener('selectionchange', remember);
  }, []);
  useImperativeHandle(ref, () => ({
    insert: (liquid) => {
      const end = drawn.current.text.length;
      apply(insertInto(drawn.current.text, lastCaret.current ?? [end, end], liquid));
    },
    focus: () => root.current?.focus(),
    format: (formatting) => {
      const end = drawn.current.text.length;
      apply(formatText(drawn.current.text, lastCaret.current ?? [end, end], formatting));
    },
  }));

  const onInput = () => {
    const element = root.current;
    if (!element) return;
    const text = readText(element);
    const chips = element.querySelectorAll('[data-chip]').length;
    if (needsRedraw(text, chips)) draw({ text, caret: readSelection(element)?.[1] ?? text.length });
    drawn.current = { text, labelOf };
    element.dataset['empty'] = String(text === '');
    onChange(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const selection = root.current && readSelection(root.current);
    if (!selection) return;
    const formatting = isFormatted ? formattingOf(event) : null;
    if (formatting) {
      event.preventDefault();
      // Ctrl+K means something else everywhere else.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      apply(formatText(drawn.current.text, selection, formatting));
      return;
    }
    const edit = keyEdit(event, drawn.current.text, selection, isMultiline);
    if (edit === 'browser') return;
    event.preventDefault();
    if (edit === 'undo') onUndo();
    else if (edit) apply(edit);
  };
  const onPaste = (event: ClipboardEvent) => {
    const selection = root.current && readSelection(root.current);
    if (!selection) return;
    event.preventDefault();
    const pasted = event.clipboardData.getData('text/plain').replaceAll('\r\n', '\n');
    apply(insertInto(drawn.current.text, selection, isMultiline ? pasted : pasted.replaceAll('\n', ' ')));
  };
  const onCopy = (event: ClipboardEvent) => {
    const selection = root.current && readSelection(root.current);
    if (!selection || selection[0] === selection[1]) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', drawn.current.text.slice(...selection));
    if (event.type === 'cut') apply(insertInto(drawn.current.text, selection, ''));
  };
  return (
    <div
      ref={root}
      id={id}
      className={css.text}
      contentEditable="plaintext-only"
      suppressContentEditableWarning
      role="textbox"
      aria-label={label}
      aria-multiline={isMultiline}
      tabIndex={0}
      data-lines={isMultiline ? 'many' : 'one'}
      data-placeholder={placeholder}
      spellCheck={isMultiline}
      onInput={onInput}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      onCopy={onCopy}
      onCut={onCopy}
    />
  );
}

/** What a key does to the text; `browser` leaves it to the browser, null swallows it. */
function keyEdit(
  event: KeyboardEvent,
  text: string,
  [start, end]: [number, number],
  isMultiline: boolean,
): TextEdit | 'browser' | 'undo' | null {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') return 'undo';
  if (event.key === 'Enter') return isMultiline ? insertInto(text, [start, end], '\n') : null;
  if (event.key !== 'Backspace' && event.key !== 'Delete') return 'browser';
  if (start !== end) return insertInto(text, [start, end], '');
  return removeChipAt(text, start, event.key === 'Backspace' ? 'before' : 'after') ?? 'browser';
}
