import { endpoints, type FlowDetail } from '@holdfast/contracts';
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconHistory, IconMessageCirclePlus, IconRocket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useRead } from '../client/index.ts';
import type { Autosave } from '../document/autosave.ts';
import { useDocument, useSession, useWorkbench } from '../document/workbench.tsx';
import { TopBarSlot } from '../shell/top-bar-slot.tsx';
import { FlowActions } from './flow-actions.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { SavedState } from './saved-state.tsx';
import css from './flow-page.module.css';

/** Name, saved state, versions, Test and Publish; lives in the shell's own bar so that the drawing keeps the room. */
export function FlowTopBar({ detail, autosave }: { detail: FlowDetail; autosave: Autosave }) {
  const { t } = useTranslation('flow');
  const { session } = useWorkbench();
  const [isPublishing, setIsPublishing] = useState(false);
  const isShort = useMediaQuery('(max-width: 1180px)', false, { getInitialValueInEffect: false });
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const isSimulatorOpen = useSession((state) => state.isSimulatorOpen);
  const mayPublish = useMay('flows.publish');
  const maySimulate = useMay('simulator.use');
  const set = session.getState().set;
  return (
    <TopBarSlot>
      <div className={css.bar}>
        <Link to="/flows" className={css.crumb} aria-label={t('bar.back')} title={t('bar.back')}>
          <IconChevronLeft size={18} stroke={1.5} aria-hidden />
        </Link>
        <FlowName />
        <FlowStatus detail={detail} />
        {isReadOnly ? <span className={css.saved}>{t('bar.readOnly')}</span> : <SavedState autosave={autosave} isShort={isShort} />}
        <span className={css.space} />
        <Tooltip label={t('versions.title')}>
          <ActionIcon aria-label={t('versions.title')} onClick={() => set({ panel: 'versions' })}>
            <IconHistory size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
        <FlowActions detail={detail} />
        {maySimulate ? (
          <Button
            variant={isSimulatorOpen ? 'outline' : 'default'}
            size="xs"
            h={32}
            leftSection={<IconMessageCirclePlus size={16} stroke={1.5} />}
            aria-pressed={isSimulatorOpen}
            data-testid="test-flow"
            onClick={() => set({ isSimulatorOpen: !isSimulatorOpen })}
          >
            {t('bar.test')}
          </Button>
        ) : null}
        {mayPublish && !isReadOnly ? (
          <Button
            size="xs"
            h={32}
            leftSection={<IconRocket size={16} stroke={1.5} />}
            onClick={() => setIsPublishing(true)}
            data-testid="publish"
          >
            {t('bar.publish')}
          </Button>
        ) : null}
      </div>
      {isPublishing ? <PublishDialog detail={detail} autosave={autosave} onClose={() => setIsPublishing(false)} /> : null}
    </TopBarSlot>
  );
}

function FlowName() {
  const { t } = useTranslation('flow');
  const name = useDocument((state) => state.file.name);
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const apply = useDocument((state) => state.apply);
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      className={css.name}
      value={draft ?? name}
      maxLength={120}
      readOnly={isReadOnly}
      aria-label={t('bar.name')}
      spellCheck={false}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        if (event.currentTarget.value.trim() !== '') apply({ edit: 'rename-flow', name: event.currentTarget.value }, 'flow-name');
      }}
      onBlur={() => setDraft(null)}
      onKeyDown={(event) => void ((event.key === 'Enter' || event.key === 'Escape') && event.currentTarget.blur())}
    />
  );
}

/** Draft, live or paused; as the list of flows says it now. */
function FlowStatus({ detail }: { detail: FlowDetail }) {
  const { t } = useTranslation('flow');
  const { data } = useRead(endpoints.listFlows, {});
  const flow = data?.items.find((item) => item.id === detail.id) ?? detail;
  const tone = flow.status === 'live' ? 'ok' : flow.status === 'paused' ? 'warn' : 'neutral';
  return (
    <span className={css.status} data-tone={tone}>
      {t(`status.${flow.status}`, { number: flow.publishedVersion ?? 0 })}
    </span>
  );
}
