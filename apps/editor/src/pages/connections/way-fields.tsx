import { endpoints, type Credential } from '@holdfast/contracts';
import { Fieldset, PasswordInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import type { CredentialValues } from './credential-body.ts';
import { isOtherWay } from './way-values.ts';

interface Props {
  form: UseFormReturnType<CredentialValues>;
  /** Null: a new one. */
  credential: Credential | null;
}

/** How a connection's calls leave the house: straight, through a proxy, or over an agent. For administrators. */
export function WayFields({ form, credential }: Props) {
  const { t } = useTranslation('ways');
  const maySet = useMay('settings.manage');
  const { via } = form.values;
  if (!maySet)
    return via.kind === 'straight' ? null : (
      <Text size="sm" c="dimmed">
        {t('way.adminOnly')}
      </Text>
    );
  return (
    <Fieldset legend={t('way.title')}>
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          aria-label={t('way.title')}
          value={via.kind}
          onChange={(next) => form.setFieldValue('via.kind', next as typeof via.kind) /* one of those below */}
          data={(['straight', 'proxy', 'agent'] as const).map((value) => ({ value, label: t(`way.${value}`) }))}
        />
        {via.kind === 'straight' ? null : (
          <Text size="xs" c="dimmed">
            {t('way.hint')}
          </Text>
        )}
        {via.kind === 'proxy' ? (
          <ProxyFields form={form} keepsPassword={credential?.via?.kind === 'proxy' && credential.via.hasPassword} />
        ) : null}
        {via.kind === 'agent' ? <AgentField form={form} /> : null}
        {credential && isOtherWay(credential.via, via) ? <Text size="sm">{t('way.secretAgain')}</Text> : null}
      </Stack>
    </Fieldset>
  );
}

function ProxyFields({ form, keepsPassword }: { form: Props['form']; keepsPassword: boolean }) {
  const { t } = useTranslation('ways');
  return (
    <>
      <TextInput
        label={t('way.url')}
        description={t('way.urlHint')}
        placeholder="socks5://proxy.example.com:1080"
        {...form.getInputProps('via.url')}
      />
      <TextInput label={t('way.username')} description={t('way.optional')} autoComplete="off" {...form.getInputProps('via.username')} />
      <PasswordInput
        label={t('way.password')}
        description={t(keepsPassword ? 'way.kept' : 'way.optional')}
        autoComplete="off"
        {...form.getInputProps('via.password')}
      />
    </>
  );
}

function AgentField({ form }: Pick<Props, 'form'>) {
  const { t } = useTranslation('ways');
  const agents = useRead(endpoints.listAgents, {});
  const items = agents.data?.items ?? [];
  return (
    <Select
      label={t('way.chooseAgent')}
      description={agents.data && items.length === 0 ? t('way.noAgents') : undefined}
      data={items.map(({ id, name }) => ({ value: id, label: name }))}
      allowDeselect={false}
      {...form.getInputProps('via.agent')}
    />
  );
}
