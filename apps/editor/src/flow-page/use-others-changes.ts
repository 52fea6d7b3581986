import { endpoints } from '@holdfast/contracts';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { call } from '../client/index.ts';
import type { Autosave } from '../document/autosave.ts';
import type { DocumentStore } from '../document/document-store.ts';
import { useOnLive } from '../live/use-live.ts';

/**
 * Somebody else saved this flow: while nothing of ours is unsaved, their drawing comes onto the canvas, one undo away.
 * Otherwise the next save meets the conflict and asks.
 */
export function useOthersChanges(id: string, document: DocumentStore, autosave: Autosave): void {
  const { t } = useTranslation('flow');
  const isNews = (revision: number): boolean => autosave.state.getState().kind === 'saved' && revision > autosave.revision();
  const bring = async (): Promise<void> => {
    const draft = await call(endpoints.getDraft, { params: { id } });
    if (!isNews(draft.revision)) return;
    document.getState().replace(draft.file);
    autosave.take(document.getState().file, draft.revision);
    notifications.show({ message: t('others'), color: 'info' });
  };
  useOnLive((event) => {
    // A failed read changes nothing: the next save still finds out.
    if (event.kind === 'flow' && event.flow === id && isNews(event.revision)) void bring().catch(() => undefined);
  });
}
