import { alertEvent, endpoints } from '@holdfast/contracts';
import { Button, Checkbox, Group, Modal, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useAct, useRead } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { alertBody, type AlertValues } from './alert-body.ts';

export function AddAlert({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('alerts.add')}>
      <AlertForm onDone={onClose} />
    </Modal>
  );
}

const initial: AlertValues = { kind: 'email', channel: '', chat: '', to: '', url: '', events: ['handoff.opened', 'run.attention'] };
const kind = z.enum(['email', 'telegram', 'webhook']);

function AlertForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('settings');
  const channels = useRead(endpoints.listChannels, {});
  const form = useEndpointForm(endpoints.createAlertRoute, { initial, toBody: alertBody });
  const add = useAct(endpoints.createAlertRoute, { refreshes: [endpoints.listAlertRoutes], isQuiet: true, onDone });
  const errorOf = (name: string) => form.errors[`target.${name}`];
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate({ body: alertBody(values) }))} noValidate>
      <Stack gap="md">
        {add.isError ? <ProblemAlert error={add.error} /> : null}
        <SegmentedControl
          aria-label={t('alerts.how')}
          fullWidth
          data={kind.options.map((value) => ({ value, label: t(`alerts.kind.${value}`) }))}
          {...form.getInputProps('kind')}
        />
        {form.values.kind === 'email' ? (
          <TextInput
            label={t('alerts.to')}
            description={t('alerts.toHint')}
            type="email"
            placeholder="team@example.com"
            {...form.getInputProps('to')}
            error={errorOf('to')}
          />
        ) : null}
        {form.values.kind === 'webhook' ? (
          <TextInput
            label={t('alerts.url')}
            description={t('alerts.urlHint')}
            placeholder="https://hooks.example.com/holdfast"
            {...form.getInputProps('url')}
            error={errorOf('url')}
          />
        ) : null}
        {form.values.kind === 'telegram' ? (
          <>
            <Select
              label={t('alerts.bot')}
              placeholder={t('alerts.botChoose')}
              data={(channels.data?.items ?? [])
                .filter((channel) => channel.kind === 'telegram')
                .map(({ id, name }) => ({ value: id, label: name }))}
              nothingFoundMessage={t('alerts.noBot')}
              {...form.getInputProps('channel')}
              error={errorOf('channel')}
            />
            <TextInput
              label={t('alerts.chat')}
              description={t('alerts.chatHint')}
              placeholder="-1001234567890"
              {...form.getInputProps('chat')}
              error={errorOf('chat')}
            />
          </>
        ) : null}
        <Checkbox.Group label={t('alerts.when')} {...form.getInputProps('events')}>
          <Stack gap={8} mt={6}>
            {alertEvent.options.map((event) => (
              <Checkbox key={event} value={event} label={t(`alerts.event.${event}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            {t('alerts.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
