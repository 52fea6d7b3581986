import { endpoints, type FlowDetail } from '@holdfast/contracts';
import { Button, Group, Modal, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useAct, useRead } from '../client/index.ts';
import type { Autosave } from '../document/autosave.ts';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { ChangesList } from './changes-list.tsx';
import { useSentence } from '../document/use-sentence.ts';
import css from './flow-page.module.css';

interface Props {
  detail: FlowDetail;
  autosave: Autosave;
  onClose: () => void;
}

/** What publishing changes, for whom, and a note for those who come after. */
export function PublishDialog({ detail, autosave, onClose }: Props) {
  const { t } = useTranslation('flow');
  const name = useDocument((state) => state.file.name);
  const saved = useStore(autosave.state);
  useEffect(() => void autosave.flush(), [autosave]);
  return (
    <Modal opened onClose={onClose} size="lg" title={t('publish.title', { name })}>
      {saved.kind === 'saved' ? (
        <PublishForm detail={detail} autosave={autosave} onClose={onClose} />
      ) : saved.kind === 'failed' ? (
        <ProblemAlert problem={{ code: 'internal', ...saved.problem }} onRetry={() => void autosave.flush()} />
      ) : (
        <Waiting />
      )}
    </Modal>
  );
}

const Waiting = () => (
  <Stack gap={8}>
    <Skeleton h={18} w="60%" />
    <Skeleton h={18} w="80%" />
    <Skeleton h={18} w="40%" />
  </Stack>
);

function PublishForm({ detail, autosave, onClose }: Props) {
  const { t } = useTranslation('flow');
  const [note, setNote] = useState('');
  const preview = useRead(endpoints.publishPreview, { params: { id: detail.id } }, { staleTime: 0 });
  const publish = useAct(endpoints.publishFlow, {
    isQuiet: true,
    refreshes: [endpoints.listFlows, endpoints.listVersions, endpoints.publishPreview],
    onDone: ({ number }) => {
      notifications.show({ message: t('publish.done', { number }), color: 'ok' });
      onClose();
    },
  });
  if (preview.isPending || preview.isFetching) return <Waiting />;
  if (!preview.data) return <ProblemAlert error={preview.error} onRetry={() => void preview.refetch()} />;
  const errors = preview.data.findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) return <Blocked errors={errors} onClose={onClose} />;
  const { changes, openRuns, nextNumber } = preview.data;
  return (
    <Stack gap="md">
      <div>
        <Text fw={550} fz={13} mb={6}>
          {t(detail.publishedVersion === null && changes.length === 0 ? 'publish.first' : 'publish.changes')}
        </Text>
        <ChangesList changes={changes} empty={t('publish.nothing')} />
      </div>
      <Text fz={13} c="dimmed">
        {t('publish.inFlow', { count: openRuns })}
      </Text>
      <Textarea
        label={t('publish.note')}
        placeholder={t('publish.noteHint')}
        value={note}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {publish.error ? <ProblemAlert error={publish.error} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('publish.cancel')}
        </Button>
        <Button
          loading={publish.isPending}
          data-testid="publish-confirm"
          onClick={() => publish.mutate({ params: { id: detail.id }, body: { note, revision: autosave.revision() } })}
        >
          {t('publish.confirm', { number: nextNumber })}
        </Button>
      </Group>
    </Stack>
  );
}

function Blocked({
  errors,
  onClose,
}: {
  errors: readonly { reason: string; fix: string; node?: string | undefined; field?: string | undefined }[];
  onClose: () => void;
}) {
  const { t } = useTranslation('flow');
  const { session, document } = useWorkbench();
  const say = useSentence();
  const typeOf = (id: string | undefined) => document.getState().file.nodes.find((node) => node.id === id)?.type;
  return (
    <Stack gap="sm">
      <Text fz={14}>{t('publish.blocked', { count: errors.length })}</Text>
      <div>
        {errors.map((finding) => (
          <button
            key={`${finding.node}${finding.field}${finding.reason}`}
            type="button"
            className={css.problem}
            data-severity="error"
            onClick={() => {
              if (finding.node !== undefined) session.getState().reveal(finding.node, finding.field);
              onClose();
            }}
          >
            <IconAlertCircle size={17} stroke={1.75} aria-hidden />
            <span>
              {say(finding.reason, typeOf(finding.node))}
              <small>{say(finding.fix, typeOf(finding.node))}</small>
            </span>
            {finding.node === undefined ? null : <em>{t('problems.go')}</em>}
          </button>
        ))}
      </div>
    </Stack>
  );
}
