import { lazy, Suspense, type Ref } from 'react';
import css from './code-editor.module.css';

export interface CodeEditorHandle {
  insert: (text: string) => void;
}
export interface CodeEditorProps {
  value: string;
  onChange: (text: string) => void;
  label: string;
  language: 'json' | 'sql' | 'plaintext';
  /** Inserted values are marked, and don't count as mistakes of the JSON around them. */
  isTemplate: boolean;
  ref?: Ref<CodeEditorHandle>;
}

const MonacoEditor = lazy(() => import('./monaco-editor.tsx').then((module) => ({ default: module.MonacoEditor })));

/** A code editor that loads when it is first shown; until then the text can be read. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    // nokey: React Flow doesn't see a text field in it, and would take the space bar for panning.
    <div className={`${css.frame} nokey`}>
      <Suspense fallback={<textarea className={css.loading} readOnly value={props.value} aria-label={props.label} />}>
        <MonacoEditor {...props} />
      </Suspense>
    </div>
  );
}
