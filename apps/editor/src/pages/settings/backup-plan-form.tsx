import { endpoints } from '@holdfast/contracts';
import { Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useAct } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { timeZoneHere } from '../../parts/time-zone-here.ts';
import { TimeZoneSelect } from '../../parts/time-zone-select.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { showDone } from '../../shell/show-done.ts';
import { backupTimes, timeOf, type BackupTime } from './backup-times.ts';

type Plan = Answer<typeof endpoints.listBackups>['plan'];

interface Values extends Record<string, unknown> {
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  pathStyle: boolean;
  wantsChecksums: boolean;
  accessKeyId: string;
  secretAccessKey: string;
  time: BackupTime;
  cron: string;
  timezone: string;
  keep: number | string;
  isEnabled: boolean;
}

const initialOf = (plan: Plan): Values => ({
  endpoint: plan?.storage.endpoint ?? '',
  region: plan?.storage.region ?? 'us-east-1',
  bucket: plan?.storage.bucket ?? '',
  prefix: plan?.storage.prefix ?? 'holdfast/',
  pathStyle: plan?.storage.pathStyle ?? true,
  wantsChecksums: plan?.storage.checksums === 'supported',
  accessKeyId: plan?.storage.accessKeyId ?? '',
  secretAccessKey: '',
  time: plan ? timeOf(plan.cron) : 'daily',
  cron: plan?.cron ?? backupTimes.daily,
  timezone: plan?.timezone ?? timeZoneHere(),
  keep: plan?.keep ?? 14,
  isEnabled: plan?.isEnabled ?? true,
});

const toPlan = (values: Values) => ({
  storage: {
    endpoint: values.endpoint.trim() === '' ? null : values.endpoint.trim(),
    region: values.region.trim(),
    bucket: values.bucket.trim(),
    prefix: values.prefix.trim(),
    pathStyle: values.pathStyle,
    checksums: values.wantsChecksums ? ('supported' as const) : ('required' as const),
    accessKeyId: values.accessKeyId.trim(),
  },
  cron: values.time === 'own' ? values.cron.trim() : backupTimes[values.time],
  timezone: values.timezone,
  keep: Number(values.keep),
  isEnabled: values.isEnabled,
  ...(values.secretAccessKey === '' ? {} : { secretAccessKey: values.secretAccessKey }),
});

export function BackupPlanForm({ plan }: { plan: Plan }) {
  const { t } = useTranslation(['settings', 'common']);
  const format = useFormat();
  const refreshes = [endpoints.listBackups];
  const save = useAct(endpoints.saveBackupPlan, { refreshes, isQuiet: true, onDone: () => showDone(t('backups.saved')) });
  const remove = useAct(endpoints.deleteBackupPlan, { refreshes });
  const confirm = useConfirm();
  const [showsMore, more] = useDisclosure(false);
  const form = useEndpointForm(endpoints.saveBackupPlan, { initial: initialOf(plan), toBody: toPlan });
  const field = (name: string) => ({ ...form.getInputProps(name), error: form.errors[`storage.${name}`] ?? form.errors[name] });
  const times = (['hours', 'daily', 'weekly', 'own'] as const).map((value) => ({ value, label: t(`backups.time.${value}`) }));
  const askRemove = () =>
    confirm({
      title: t('backups.removeTitle'),
      effect: t('backups.removeEffect'),
      confirm: t('backups.remove'),
      onConfirm: () => remove.mutate({}),
    });
  return (
    <SettingsCard
      title={t('backups.planTitle')}
      lead={plan?.nextAt ? t('backups.next', { when: format.moment(plan.nextAt) }) : t('backups.planLead')}
    >
      <form onSubmit={form.onSubmit((values) => save.mutate({ body: toPlan(values) }))} noValidate>
        <Stack gap="md" maw={520}>
          {save.isError ? <ProblemAlert error={save.error} /> : null}
          <TextInput
            label={t('backups.endpoint')}
            description={t('backups.endpointHint')}
            placeholder="https://s3.example.com"
            {...field('endpoint')}
          />
          <Group align="flex-start" gap="sm" wrap="nowrap">
            <TextInput label={t('backups.bucket')} style={{ flex: 1 }} {...field('bucket')} />
            <TextInput label={t('backups.region')} w={160} {...field('region')} />
          </Group>
          <TextInput label={t('backups.key')} autoComplete="off" {...field('accessKeyId')} />
          <PasswordInput
            label={t('backups.secret')}
            description={plan ? t('email.kept') : undefined}
            autoComplete="off"
            {...field('secretAccessKey')}
          />
          <Group align="flex-start" gap="sm" wrap="nowrap">
            <Select label={t('backups.when')} data={times} allowDeselect={false} style={{ flex: 1 }} {...form.getInputProps('time')} />
            <NumberInput label={t('backups.keep')} min={1} max={1_000} w={160} {...field('keep')} />
          </Group>
          <TimeZoneSelect label={t('quiet.timezone')} {...field('timezone')} value={form.values.timezone} />
          {form.values.time === 'own' ? (
            <TextInput
              label={t('backups.cron')}
              description={t('backups.cronHint', { timezone: form.values.timezone })}
              {...field('cron')}
            />
          ) : null}
          <Switch label={t('backups.enabled')} {...form.getInputProps('isEnabled', { type: 'checkbox' })} />
          <MoreSettings label={t('backups.more')} isOpen={showsMore} onToggle={more.toggle}>
            <Stack gap="md">
              <TextInput label={t('backups.prefix')} {...field('prefix')} />
              <Switch
                label={t('backups.pathStyle')}
                description={t('backups.pathStyleHint')}
                {...form.getInputProps('pathStyle', { type: 'checkbox' })}
              />
              <Switch
                label={t('backups.checksums')}
                description={t('backups.checksumsHint')}
                {...form.getInputProps('wantsChecksums', { type: 'checkbox' })}
              />
            </Stack>
          </MoreSettings>
          <Group gap="xs">
            <Button type="submit" loading={save.isPending}>
              {t('backups.save')}
            </Button>
            {plan ? (
              <Button variant="subtle" color="neutral" onClick={askRemove}>
                {t('backups.remove')}
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
    </SettingsCard>
  );
}
