import type { JsonValue } from '@holdfast/node-kit';
import { jsonValue } from '@holdfast/node-kit';
import { useRef, useState } from 'react';
import { CodeEditor, type CodeEditorHandle } from '../code-editor/code-editor.tsx';
import { liquidOf } from '../template-input/chip-model.ts';
import { DataPicker } from '../template-input/data-picker.tsx';
import type { WidgetProps } from './widget.ts';
import css from '../code-editor/code-editor.module.css';

const asText = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2);

/** JSON, and whatever has no nicer input. Where the schema wants a value and not a text, only readable JSON is taken over. */
export function CodeWidget({ field, words, value, hasError, onChange }: WidgetProps) {
  const editor = useRef<CodeEditorHandle>(null);
  const holdsText = field.shape.kind === 'text';
  const [draft, setDraft] = useState<string | null>(null);
  const change = (text: string) => {
    if (holdsText) {
      onChange(text);
      return;
    }
    setDraft(text);
    const parsed = parseJson(text);
    if (parsed !== undefined) onChange(parsed);
  };
  return (
    <div className={css.widget} data-error={hasError}>
      <CodeEditor
        ref={editor}
        value={holdsText ? asText(value) : (draft ?? asText(value))}
        onChange={change}
        label={words.title}
        language={field.hints.editor === 'text' ? 'plaintext' : field.hints.editor === 'sql' ? 'sql' : 'json'}
        isTemplate={field.hints.template ?? false}
      />
      {field.hints.template ? (
        <div className={css.pick}>
          <DataPicker onPick={(path) => editor.current?.insert(liquidOf(path))} />
        </div>
      ) : null}
    </div>
  );
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const parsed = jsonValue.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
