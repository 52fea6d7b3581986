import { endpoints } from '@holdfast/contracts';
import { flowFile, type FlowFile } from '@holdfast/graph';
import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { asApiError, call, refresh } from '../client/index.ts';
import { createAutosave, type Autosave, type SaveAnswer } from '../document/autosave.ts';
import type { DocumentStore } from '../document/document-store.ts';
import { saveLocalCopy } from '../document/local-copy.ts';
import { titleOfProblem } from '../parts/use-problem-title.ts';

/** What the server adds to a 409: the other side. */
const otherSide = z.object({ file: flowFile, revision: z.number().int() });

async function saveDraft(id: string, file: FlowFile, revision: number): Promise<SaveAnswer> {
  try {
    const answer = await call(endpoints.saveDraft, { params: { id }, body: { file, revision } });
    return { kind: 'saved', revision: answer.revision };
  } catch (thrown) {
    const { problem, status } = asApiError(thrown);
    if (status === 409) {
      const side = otherSide.safeParse(problem.extra);
      const theirs = side.success ? side.data : await call(endpoints.getDraft, { params: { id } });
      return { kind: 'conflict', theirs: theirs.file, theirRevision: theirs.revision };
    }
    return {
      kind: 'failed',
      problem: { title: titleOfProblem(i18next.getFixedT(null, 'problems'), problem), detail: problem.detail, hint: problem.hint },
    };
  }
}

/** Saves the draft behind the drawing, keeps a copy on this computer meanwhile, and warns before the page is left unsaved. */
export function useAutosave(id: string, document: DocumentStore, revision: number): Autosave {
  const client = useQueryClient();
  const [autosave] = useState(() =>
    createAutosave({
      file: document.getState().file,
      revision,
      save: async (file, base) => {
        const answer = await saveDraft(id, file, base);
        if (answer.kind === 'saved') refresh(client, [endpoints.listFlows, endpoints.publishPreview]);
        return answer;
      },
      keepLocally: (unsaved) => saveLocalCopy(localStorage, id, unsaved, Date.now()),
    }),
  );
  useEffect(
    () => document.subscribe((state, before) => void (state.file !== before.file && autosave.changed(state.file))),
    [document, autosave],
  );
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      const { kind } = autosave.state.getState();
      if (kind === 'saved') return;
      void autosave.flush();
      event.preventDefault();
    };
    globalThis.addEventListener('beforeunload', warn);
    return () => {
      globalThis.removeEventListener('beforeunload', warn);
      // Leaving for another page of ours saves at once; the answer may come when this page is gone.
      void autosave.flush().then(() => client.removeQueries({ queryKey: [endpoints.getFlow.path, { id }] }));
    };
  }, [autosave, client, id]);
  return autosave;
}
