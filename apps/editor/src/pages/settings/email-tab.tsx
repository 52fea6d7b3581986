import { endpoints } from '@holdfast/contracts';
import { Button, Group, NumberInput, PasswordInput, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { showDone } from '../../shell/show-done.ts';
import classes from './settings-page.module.css';

type Smtp = Answer<typeof endpoints.getSettings>['smtp'];

export function EmailTab() {
  const settings = useRead(endpoints.getSettings, {});
  return <QueryView query={settings}>{({ smtp }) => <SmtpForm key={JSON.stringify(smtp)} smtp={smtp} />}</QueryView>;
}

interface Values extends Record<string, unknown> {
  host: string;
  port: number;
  secure: boolean;
  user: string;
  password: string;
  from: string;
}

const toSmtp = ({ host, port, secure, user, password, from }: Values) => ({
  host: host.trim(),
  port,
  secure,
  from: from.trim(),
  ...(user.trim() === '' ? {} : { user: user.trim() }),
  ...(password === '' ? {} : { password }),
});

function SmtpForm({ smtp }: { smtp: Smtp }) {
  const { t } = useTranslation(['settings', 'common']);
  const mayManage = useMay('settings.manage');
  const confirm = useConfirm();
  const save = useAct(endpoints.updateSettings, { refreshes: [endpoints.getSettings], isQuiet: true, onDone: () => showDone(t('saved')) });
  const initial: Values = {
    host: smtp?.host ?? '',
    port: smtp?.port ?? 587,
    secure: smtp?.secure ?? false,
    user: smtp?.user ?? '',
    password: '',
    from: smtp?.from ?? '',
  };
  const form = useEndpointForm(endpoints.updateSettings, { initial, toBody: (values) => ({ smtp: toSmtp(values) }) });
  const errorOf = (name: string) => form.errors[`smtp.${name}`];
  const remove = () =>
    confirm({
      title: t('email.removeTitle'),
      effect: t('email.removeEffect'),
      confirm: t('email.remove'),
      onConfirm: () => save.mutate({ body: { smtp: null } }),
    });
  return (
    <SettingsCard title={t('email.title')} lead={t('email.lead')}>
      <form onSubmit={form.onSubmit((values) => save.mutate({ body: { smtp: toSmtp(values) } }))} noValidate>
        <fieldset disabled={!mayManage} className={classes.fields}>
          <Stack gap="md" maw={480}>
            {save.isError ? <ProblemAlert error={save.error} /> : null}
            <Group align="flex-start" gap="sm" wrap="nowrap">
              <TextInput
                label={t('email.host')}
                placeholder="smtp.example.com"
                style={{ flex: 1 }}
                {...form.getInputProps('host')}
                error={errorOf('host')}
              />
              <NumberInput
                label={t('email.port')}
                min={1}
                max={65_535}
                w={96}
                hideControls
                {...form.getInputProps('port')}
                error={errorOf('port')}
              />
            </Group>
            <Switch label={t('email.secure')} description={t('email.secureHint')} {...form.getInputProps('secure', { type: 'checkbox' })} />
            <TextInput label={t('email.user')} autoComplete="off" {...form.getInputProps('user')} error={errorOf('user')} />
            <PasswordInput
              label={t('email.password')}
              description={smtp ? t('email.kept') : undefined}
              autoComplete="off"
              {...form.getInputProps('password')}
              error={errorOf('password')}
            />
            <TextInput
              label={t('email.from')}
              placeholder="Holdfast <bots@example.com>"
              {...form.getInputProps('from')}
              error={errorOf('from')}
            />
            {mayManage ? (
              <Group gap="xs">
                <Button type="submit" loading={save.isPending}>
                  {t('common:action.save')}
                </Button>
                {smtp ? (
                  <Button variant="subtle" color="neutral" onClick={remove}>
                    {t('email.remove')}
                  </Button>
                ) : null}
              </Group>
            ) : null}
          </Stack>
        </fieldset>
      </form>
    </SettingsCard>
  );
}
