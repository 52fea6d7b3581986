import { endpoints, type Handoff } from '@holdfast/contracts';
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { showDone } from '../../shell/show-done.ts';

type Way = 'return' | 'close';

/** The two ways out of a handoff. Each says before what it will do. */
export function EndHandoff({ handoff }: { handoff: Handoff }) {
  const { t } = useTranslation(['inbox', 'common']);
  const [way, setWay] = useState<Way | null>(null);
  const isPhone = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const words = handoff.run ? 'return' : 'returnPlain';
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={() => setWay('close')}
        leftSection={isPhone ? null : <IconCheck size={15} stroke={1.5} />}
      >
        {t(isPhone ? 'close.short' : 'close.label')}
      </Button>
      <Button size="xs" onClick={() => setWay('return')} leftSection={isPhone ? null : <IconArrowBackUp size={15} stroke={1.5} />}>
        {t(isPhone ? 'return.short' : 'return.label')}
      </Button>
      <Modal opened={way !== null} onClose={() => setWay(null)} title={t(way === 'close' ? 'close.title' : 'return.title')}>
        {way === null ? null : (
          <EndForm
            way={way}
            handoff={handoff}
            effect={
              way === 'close'
                ? t(handoff.run ? 'close.effect' : 'close.effectPlain')
                : words === 'returnPlain' || !handoff.continuesAt
                  ? t('return.effectPlain')
                  : t('return.effect', { step: handoff.continuesAt })
            }
            onDone={() => setWay(null)}
          />
        )}
      </Modal>
    </>
  );
}

function EndForm({ way, handoff, effect, onDone }: { way: Way; handoff: Handoff; effect: string; onDone: () => void }) {
  const { t } = useTranslation(['inbox', 'common']);
  const [note, setNote] = useState('');
  const act = useAct(way === 'return' ? endpoints.returnHandoff : endpoints.closeHandoff, {
    refreshes: [endpoints.listHandoffs, endpoints.getHandoff, endpoints.listConversations, endpoints.getConversation],
    onDone: () => {
      onDone();
      showDone(t(`${way}.done`));
    },
  });
  const submit = () => act.mutate({ params: { id: handoff.id }, body: note.trim() === '' ? {} : { note: note.trim() } });
  return (
    <Stack gap="md">
      <p style={{ color: 'var(--text-2)' }}>{effect}</p>
      <Textarea
        label={t('note')}
        description={t('noteHint')}
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t('common:action.cancel')}
        </Button>
        <Button onClick={submit} loading={act.isPending}>
          {t(`${way}.confirm`)}
        </Button>
      </Group>
    </Stack>
  );
}
