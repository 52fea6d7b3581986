import { endpoints, type MirrorView } from '@holdfast/contracts';
import { Button, Group, NumberInput, PasswordInput, SegmentedControl, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlugConnected } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { showDone } from '../../shell/show-done.ts';
import classes from './settings-page.module.css';

type Kind = MirrorView['target']['kind'];

interface Values extends Record<string, unknown> {
  kind: Kind;
  host: string;
  port: number | string;
  database: string;
  schema: string;
  user: string;
  password: string;
  isEncrypted: boolean;
  certificates: string;
  certificatesPassword: string;
  everySeconds: string;
  isEnabled: boolean;
}

const ports: Record<Kind, number> = { postgres: 5_432, oracle: 1_522 };
const paces = { seconds: 10, minute: 60, quarter: 900, hour: 3_600, day: 86_400 } as const;
const paceNames = ['seconds', 'minute', 'quarter', 'hour', 'day'] as const;

const initialOf = (mirror: MirrorView | null): Values => ({
  kind: mirror?.target.kind ?? 'postgres',
  host: mirror?.target.host ?? '',
  port: mirror?.target.port ?? ports.postgres,
  database: mirror?.target.database ?? '',
  schema: mirror?.target.schema ?? 'public',
  user: mirror?.target.user ?? '',
  password: '',
  isEncrypted: mirror?.target.tls !== 'off',
  certificates: '',
  certificatesPassword: '',
  everySeconds: String(mirror?.everySeconds ?? 60),
  isEnabled: mirror?.isEnabled ?? true,
});

const toMirror = (values: Values) => ({
  target: {
    kind: values.kind,
    host: values.host.trim(),
    port: Number(values.port),
    database: values.database.trim(),
    schema: values.schema.trim() || 'public',
    user: values.user.trim(),
    tls: values.isEncrypted || values.kind === 'oracle' ? ('verify' as const) : ('off' as const),
  },
  everySeconds: Number(values.everySeconds),
  isEnabled: values.isEnabled,
  ...(values.password === '' ? {} : { password: values.password }),
  ...(values.certificates.trim() === '' ? {} : { certificates: values.certificates }),
  ...(values.certificatesPassword === '' ? {} : { certificatesPassword: values.certificatesPassword }),
});

export function MirrorForm({ mirror }: { mirror: MirrorView | null }) {
  const { t } = useTranslation(['settings', 'common']);
  const format = useFormat();
  const refreshes = [endpoints.readMirror];
  const save = useAct(endpoints.saveMirror, { refreshes, isQuiet: true, onDone: () => showDone(t('mirror.saved')) });
  const remove = useAct(endpoints.deleteMirror, { refreshes });
  const tried = useAct(endpoints.testMirror, { isQuiet: true });
  const confirm = useConfirm();
  const [showsMore, more] = useDisclosure(mirror?.hasCertificates ?? false);
  const form = useEndpointForm(endpoints.saveMirror, { initial: initialOf(mirror), toBody: toMirror });
  const field = (name: string) => ({ ...form.getInputProps(name), error: form.errors[`target.${name}`] ?? form.errors[name] });
  const isOracle = form.values.kind === 'oracle';
  const choose = (kind: string) => {
    const next: Kind = kind === 'oracle' ? 'oracle' : 'postgres';
    if (Number(form.values.port) === ports[form.values.kind]) form.setFieldValue('port', ports[next]);
    form.setFieldValue('kind', next);
    tried.reset();
  };
  const own = Number(form.values.everySeconds);
  const known = paceNames.map((name) => ({ value: String(paces[name]), label: t(`mirror.every.${name}`) }));
  const times = known.some(({ value }) => value === form.values.everySeconds)
    ? known
    : [...known, { value: form.values.everySeconds, label: t('mirror.every.own', { span: format.span(own * 1_000) }) }];
  const askRemove = () =>
    confirm({
      title: t('mirror.removeTitle'),
      effect: t('mirror.removeEffect'),
      confirm: t('mirror.remove'),
      onConfirm: () => remove.mutate({}),
    });
  return (
    <SettingsCard title={t('mirror.formTitle')} lead={t(isOracle ? 'mirror.oracleLead' : 'mirror.formLead')}>
      <form onSubmit={form.onSubmit((values) => save.mutate({ body: toMirror(values) }))} noValidate>
        <Stack gap="md" maw={520}>
          {save.isError ? <ProblemAlert error={save.error} /> : null}
          <SegmentedControl
            aria-label={t('mirror.kind')}
            data={[
              { value: 'postgres', label: 'PostgreSQL' },
              { value: 'oracle', label: 'Oracle' },
            ]}
            value={form.values.kind}
            onChange={choose}
          />
          <Group align="flex-start" gap="sm" wrap="nowrap">
            <TextInput label={t('mirror.host')} placeholder="db.example.com" style={{ flex: 1 }} {...field('host')} />
            <NumberInput label={t('mirror.port')} min={1} max={65_535} w={96} hideControls {...field('port')} />
          </Group>
          <Group align="flex-start" gap="sm" wrap="nowrap">
            <TextInput
              label={t(isOracle ? 'mirror.service' : 'mirror.database')}
              description={isOracle ? t('mirror.serviceHint') : undefined}
              style={{ flex: 1 }}
              {...field('database')}
            />
            {isOracle ? null : <TextInput label={t('mirror.schema')} w={160} {...field('schema')} />}
          </Group>
          <TextInput label={t('mirror.user')} description={t('mirror.userHint')} autoComplete="off" {...field('user')} />
          <PasswordInput
            label={t('mirror.password')}
            description={mirror ? t('mirror.kept') : undefined}
            autoComplete="new-password"
            {...field('password')}
          />
          <Select label={t('mirror.pace')} data={times} allowDeselect={false} {...form.getInputProps('everySeconds')} />
          <Switch label={t('mirror.enabled')} {...form.getInputProps('isEnabled', { type: 'checkbox' })} />
          <MoreSettings label={t('mirror.more')} isOpen={showsMore} onToggle={more.toggle}>
            <Stack gap="md">
              {isOracle ? null : (
                <Switch
                  label={t('mirror.encrypted')}
                  description={t('mirror.encryptedHint')}
                  {...form.getInputProps('isEncrypted', { type: 'checkbox' })}
                />
              )}
              <Textarea
                label={t(isOracle ? 'mirror.wallet' : 'mirror.certificates')}
                description={t(
                  mirror?.hasCertificates ? 'mirror.certificatesKept' : isOracle ? 'mirror.walletHint' : 'mirror.certificatesHint',
                )}
                placeholder="-----BEGIN CERTIFICATE-----"
                autosize
                minRows={3}
                maxRows={8}
                spellCheck={false}
                {...field('certificates')}
              />
              {isOracle ? (
                <PasswordInput label={t('mirror.walletPassword')} autoComplete="new-password" {...field('certificatesPassword')} />
              ) : null}
            </Stack>
          </MoreSettings>
          {tried.isError ? <ProblemAlert error={tried.error} /> : null}
          {tried.data ? (
            <p className={classes.tried} data-ok={tried.data.ok} role="status">
              {tried.data.ok ? t('mirror.testGood', { detail: tried.data.detail }) : `${tried.data.detail} ${tried.data.hint ?? ''}`}
            </p>
          ) : null}
          <Group gap="xs">
            <Button type="submit" loading={save.isPending}>
              {t('mirror.save')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconPlugConnected size={16} stroke={1.75} />}
              loading={tried.isPending}
              onClick={() => {
                if (!form.validate().hasErrors) tried.mutate({ body: toMirror(form.values) });
              }}
            >
              {t('mirror.test')}
            </Button>
            {mirror ? (
              <Button variant="subtle" color="neutral" onClick={askRemove}>
                {t('mirror.remove')}
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
    </SettingsCard>
  );
}
