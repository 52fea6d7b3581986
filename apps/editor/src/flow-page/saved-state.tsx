import { IconAlertTriangle, IconCloudCheck, IconCloudUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Autosave } from '../document/autosave.ts';
import { formatAge } from '../i18n/format.ts';
import { useNow } from '../parts/use-now.ts';
import css from './flow-page.module.css';
import { useSaid } from '../parts/use-said.ts';

/** "Saved 3 s ago", "Saving", "Not saved: …": always visible, never in the way. */
export function SavedState({ autosave, isShort }: { autosave: Autosave; isShort: boolean }) {
  const { t, i18n } = useTranslation('flow');
  const said = useSaid();
  const now = useNow();
  const state = useStore(autosave.state);
  if (state.kind === 'failed') {
    return (
      <button
        type="button"
        className={css.saved}
        data-bad
        title={`${said(state.problem.detail)} ${said(state.problem.hint ?? '')}`}
        onClick={() => void autosave.flush()}
        data-testid="saved-state"
      >
        <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
        {isShort ? t('saved.failedShort') : t('saved.failed', { reason: state.problem.title })}
      </button>
    );
  }
  const isSaved = state.kind === 'saved';
  return (
    <span className={css.saved} role="status" data-testid="saved-state" data-state={state.kind}>
      {isSaved ? <IconCloudCheck size={16} stroke={1.5} aria-hidden /> : <IconCloudUp size={16} stroke={1.5} aria-hidden />}
      {isShort
        ? null
        : isSaved
          ? state.atMs === null
            ? t('saved.all')
            : `${t('saved.ago')} ${formatAge(i18n.language, new Date(Math.min(state.atMs, now)).toISOString(), now)}`
          : t(state.kind === 'saving' ? 'saved.saving' : 'saved.soon')}
    </span>
  );
}
