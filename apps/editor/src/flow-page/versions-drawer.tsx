import { endpoints, type VersionSummary } from '@holdfast/contracts';
import { diffFlows } from '@holdfast/graph';
import { Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../client/index.ts';
import { useDocument, useSession, useWorkbench } from '../document/workbench.tsx';
import { Age } from '../parts/age.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { ChangesList } from './changes-list.tsx';
import css from './flow-page.module.css';

/** What was published, by whom and why; any of it can become the draft again. */
export function VersionsDrawer({ flowId }: { flowId: string }) {
  const { t } = useTranslation('flow');
  const { session } = useWorkbench();
  const isOpen = useSession((state) => state.panel === 'versions');
  const close = () => session.getState().set({ panel: null });
  return (
    <Drawer opened={isOpen} onClose={close} position="right" size={420} title={t('versions.title')}>
      {isOpen ? <VersionList flowId={flowId} onClose={close} /> : null}
    </Drawer>
  );
}

function VersionList({ flowId, onClose }: { flowId: string; onClose: () => void }) {
  const { t } = useTranslation('flow');
  const { data, error, isPending, refetch } = useRead(endpoints.listVersions, { params: { id: flowId } });
  if (isPending)
    return (
      <Stack gap={8}>
        <Skeleton h={72} />
        <Skeleton h={72} />
      </Stack>
    );
  if (!data) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState isCompact title={t('versions.none')}>
        {t('versions.noneText')}
      </EmptyState>
    );
  return (
    <div className={css.versions}>
      {data.items.map((version) => (
        <VersionCard key={version.id} flowId={flowId} version={version} onClose={onClose} />
      ))}
    </div>
  );
}

function VersionCard({ flowId, version, onClose }: { flowId: string; version: VersionSummary; onClose: () => void }) {
  const { t } = useTranslation('flow');
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <article className={css.version}>
      <div className={css.versionHead}>
        {t('versions.number', { number: version.number })}
        {version.isLive ? (
          <span className={css.status} data-tone="ok">
            {t('versions.live')}
          </span>
        ) : null}
        <span className={css.space} />
        <Text fz={12} c="dimmed" component="span">
          <Age at={version.publishedAt} />
        </Text>
      </div>
      {version.note === '' ? null : <p style={{ color: 'var(--text-1)', marginTop: 4 }}>{version.note}</p>}
      <p style={{ marginTop: 4 }}>
        {[
          version.publishedBy ? t('versions.by', { name: version.publishedBy }) : null,
          version.openRuns > 0 ? t('versions.openRuns', { count: version.openRuns }) : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {isReadOnly ? null : (
        <Button mt={8} size="compact-xs" variant="subtle" onClick={() => setIsOpen(!isOpen)}>
          {t('versions.compare')}
        </Button>
      )}
      {isOpen ? <Restore flowId={flowId} version={version} onClose={onClose} /> : null}
    </article>
  );
}

function Restore({ flowId, version, onClose }: { flowId: string; version: VersionSummary; onClose: () => void }) {
  const { t } = useTranslation('flow');
  const { catalog, document } = useWorkbench();
  const draft = useDocument((state) => state.file);
  const { data, error } = useRead(endpoints.getVersion, { params: { id: flowId, version: version.id } }, { staleTime: Infinity });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={40} mt={8} />;
  const restore = () => {
    document.getState().replace(data.file);
    onClose();
  };
  return (
    <Stack gap="xs" mt={8}>
      <ChangesList changes={diffFlows(draft, data.file, catalog)} empty={t('versions.same')} />
      <Group>
        <Button size="xs" variant="light" leftSection={<IconRestore size={15} stroke={1.5} />} onClick={restore}>
          {t('versions.restore', { number: version.number })}
        </Button>
      </Group>
    </Stack>
  );
}
