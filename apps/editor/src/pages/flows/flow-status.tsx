import type { FlowSummary } from '@holdfast/contracts';
import { IconBolt, IconPencil, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../parts/status-badge.tsx';

/** Live with its version, paused, or a draft; and whether the draft is ahead. */
export function FlowStatus({ flow }: { flow: Pick<FlowSummary, 'status' | 'publishedVersion' | 'hasUnpublishedChanges'> }) {
  const { t } = useTranslation('flows');
  const version = flow.publishedVersion ?? 0;
  return (
    <>
      {flow.status === 'live' ? (
        <StatusBadge tone="ok" icon={IconBolt}>
          {t('status.live', { version })}
        </StatusBadge>
      ) : null}
      {flow.status === 'paused' ? (
        <StatusBadge tone="neutral" icon={IconPlayerPause}>
          {t('status.paused', { version })}
        </StatusBadge>
      ) : null}
      {flow.status === 'draft' ? (
        <StatusBadge tone="neutral" icon={IconPencil}>
          {t('status.draft')}
        </StatusBadge>
      ) : null}
      {flow.status !== 'draft' && flow.hasUnpublishedChanges ? (
        <StatusBadge tone="info" icon={IconPencil}>
          {t('status.changed')}
        </StatusBadge>
      ) : null}
    </>
  );
}
