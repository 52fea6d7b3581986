import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import type { CodeEditorProps } from './code-editor.tsx';
import { applyTheme, editor, Range } from './monaco.ts';

type Instance = ReturnType<typeof editor.create>;
const liquid = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Marks inserted values, and hides the JSON mistakes that they seem to be. */
function markValues(instance: Instance, marks: ReturnType<Instance['createDecorationsCollection']>): void {
  const model = instance.getModel();
  if (!model) return;
  marks.set(
    [...model.getValue().matchAll(liquid)].map((found) => {
      const [from, to] = [model.getPositionAt(found.index), model.getPositionAt(found.index + found[0].length)];
      return { range: new Range(from.lineNumber, from.column, to.lineNumber, to.column), options: { inlineClassName: 'liquid-chip' } };
    }),
  );
}

export function MonacoEditor({ value, onChange, label, language, isTemplate, ref }: CodeEditorProps) {
  const frame = useRef<HTMLDivElement>(null);
  const instance = useRef<Instance | null>(null);
  const { colorScheme } = useMantineColorScheme();
  const changed = useEffectEvent((text: string) => onChange(text));
  const first = useEffectEvent(() => ({ value, label, language: isTemplate && language === 'json' ? 'plaintext' : language }));
  useEffect(() => {
    if (!frame.current) return undefined;
    const { label: ariaLabel, ...start } = first();
    applyTheme();
    const created = editor.create(frame.current, {
      ...start,
      ariaLabel,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      lineNumbers: 'off',
      folding: false,
      glyphMargin: false,
      lineDecorationsWidth: 8,
      lineNumbersMinChars: 0,
      fontFamily: 'JetBrains Mono Variable, monospace',
      fontSize: 12,
      lineHeight: 18,
      tabSize: 2,
      wordWrap: 'on',
      renderLineHighlight: 'none',
      overviewRulerLanes: 0,
      padding: { top: 8, bottom: 8 },
      fixedOverflowWidgets: true,
      scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 8 },
      contextmenu: false,
      tabFocusMode: true,
    });
    const marks = created.createDecorationsCollection();
    markValues(created, marks);
    created.onDidChangeModelContent(() => {
      changed(created.getValue());
      markValues(created, marks);
    });
    instance.current = created;
    return () => {
      instance.current = null;
      created.getModel()?.dispose();
      created.dispose();
    };
  }, []);
  useEffect(() => {
    const shown = instance.current;
    if (shown && shown.getValue() !== value) shown.setValue(value);
  }, [value]);
  useEffect(() => applyTheme(), [colorScheme]);
  useImperativeHandle(ref, () => ({
    insert: (text) => {
      const shown = instance.current;
      const selection = shown?.getSelection();
      if (!shown || !selection) return;
      shown.executeEdits('data-picker', [{ range: selection, text, forceMoveMarkers: true }]);
      shown.focus();
    },
  }));
  return <div ref={frame} style={{ height: '100%' }} />;
}
