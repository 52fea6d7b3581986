import { endpoints, type Channel } from '@holdfast/contracts';
import { Modal, NumberInput, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { showDone } from '../../shell/show-done.ts';
import classes from './connect.module.css';

const usualDays = 365;

/** How long what was said on a channel stays in the store. */
export function KeepMessages({ channel, isOpen, onClose }: { channel: Channel; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const kept = useRead(endpoints.getRetention, { params: { id: channel.id } }, { enabled: isOpen });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('keep.title', { name: channel.name })}>
      <QueryView query={kept}>{({ keepDays }) => <KeepForm channel={channel} keepDays={keepDays} onDone={onClose} />}</QueryView>
    </Modal>
  );
}

function KeepForm({ channel, keepDays, onDone }: { channel: Channel; keepDays: number | null; onDone: () => void }) {
  const { t } = useTranslation(['channels', 'common']);
  const [isForEver, setForEver] = useState(keepDays === null);
  const [days, setDays] = useState<number | string>(keepDays ?? usualDays);
  const keep = useAct(endpoints.keepMessages, {
    refreshes: [endpoints.getRetention],
    isQuiet: true,
    onDone: () => {
      showDone(t('keep.saved'));
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate({ params: { id: channel.id }, body: { keepDays: isForEver ? null : Number(days) } });
      }}
    >
      <Stack gap="md">
        <p className={classes.hint}>{t('keep.hint')}</p>
        {keep.isError ? <ProblemAlert error={keep.error} /> : null}
        <SegmentedControl
          aria-label={t('keep.label')}
          data={[
            { value: 'ever', label: t('keep.forEver') },
            { value: 'days', label: t('keep.forDays') },
          ]}
          value={isForEver ? 'ever' : 'days'}
          onChange={(value) => setForEver(value === 'ever')}
        />
        {isForEver ? null : <NumberInput label={t('keep.days')} min={1} max={36_500} w={160} value={days} onChange={setDays} />}
        <FormEnd
          submit={t('common:action.save')}
          onCancel={onDone}
          isPending={keep.isPending}
          isDisabled={!isForEver && Number(days) < 1}
        />
      </Stack>
    </form>
  );
}
