import { endpoints } from '@holdfast/contracts';
import { weekdays, type SendingSettings } from '@holdfast/node-kit';
import { Button, Chip, Group, Input, Radio, Stack, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { TimeZoneSelect } from '../../parts/time-zone-select.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { showDone } from '../../shell/show-done.ts';
import { quietSettings, quietValues, type QuietValues } from './quiet-hours-values.ts';
import classes from './settings-page.module.css';

/** When the bots hold back, and what. */
export function QuietHours({ sending }: { sending: SendingSettings }) {
  const { t } = useTranslation(['settings', 'common']);
  const mayManage = useMay('settings.manage');
  const form = useEndpointForm(endpoints.updateSettings, {
    initial: quietValues(sending),
    toBody: (values) => ({ sending: quietSettings(values) }),
  });
  const save = useAct(endpoints.updateSettings, { refreshes: [endpoints.getSettings], isQuiet: true, onDone: () => showDone(t('saved')) });
  return (
    <SettingsCard title={t('quiet.title')} lead={t('quiet.lead')}>
      <form onSubmit={form.onSubmit((values) => save.mutate({ body: { sending: quietSettings(values) } }))} noValidate>
        <fieldset disabled={!mayManage} className={classes.fields}>
          <Stack gap="md" maw={520}>
            {save.isError ? <ProblemAlert error={save.error} /> : null}
            <Switch label={t('quiet.on')} {...form.getInputProps('isOn', { type: 'checkbox' })} />
            {form.values.isOn ? <Hours form={form} /> : null}
            <p className={classes.note}>{t(form.values.isOn ? 'quiet.never' : 'quiet.off')}</p>
            {mayManage ? (
              <Group>
                <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                  {t('common:action.save')}
                </Button>
              </Group>
            ) : null}
          </Stack>
        </fieldset>
      </form>
    </SettingsCard>
  );
}

function Hours({ form }: { form: UseFormReturnType<QuietValues> }) {
  const { t } = useTranslation('settings');
  const { from, to } = form.values;
  const errorOf = (name: string) => form.errors[`sending.quietHours.${name}`];
  const end = from < to ? null : t(from === to ? 'quiet.allDay' : 'quiet.nextDay');
  return (
    <>
      <Days form={form} error={errorOf('days')} />
      <Group align="flex-start" gap="sm">
        <TextInput type="time" label={t('quiet.from')} w={128} {...form.getInputProps('from')} error={errorOf('from')} />
        <TextInput type="time" label={t('quiet.to')} w={128} {...form.getInputProps('to')} error={errorOf('to') !== undefined} />
        {end && errorOf('to') === undefined ? <span className={classes.beside}>{end}</span> : null}
      </Group>
      {errorOf('to') === undefined ? null : <Input.Error>{errorOf('to')}</Input.Error>}
      <TimeZoneSelect
        label={t('quiet.timezone')}
        description={t('quiet.timezoneHint')}
        {...form.getInputProps('timezone')}
        value={form.values.timezone}
        error={form.errors['sending.timezone']}
      />
      <Radio.Group label={t('quiet.holds')} {...form.getInputProps('holds')}>
        <Stack gap="sm" mt={6}>
          {(['marketing', 'everything'] as const).map((holds) => (
            <Radio key={holds} value={holds} label={t(`quiet.${holds}`)} description={t(`quiet.${holds}Means`)} />
          ))}
        </Stack>
      </Radio.Group>
    </>
  );
}

// The first of January 2024 was a Monday.
const dayName = (language: string, nth: number) =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + nth)));

function Days({ form, error }: { form: UseFormReturnType<QuietValues>; error: React.ReactNode }) {
  const { t, i18n } = useTranslation('settings');
  return (
    <Input.Wrapper label={t('quiet.days')} labelElement="div" error={error}>
      <Chip.Group multiple {...form.getInputProps('days')}>
        <Group gap={6} role="group" aria-label={t('quiet.days')} mb={error ? 6 : 0}>
          {weekdays.map((day, nth) => (
            <Chip key={day} value={day} size="sm" variant="light">
              {dayName(i18n.language, nth)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
