import { endpoints } from '@holdfast/contracts';
import { Fieldset, PasswordInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../client/use-call.ts';
import type { WayValues } from './way-values.ts';

interface Props {
  values: WayValues;
  onChange: (field: keyof WayValues, value: string) => void;
  /** What is wrong, by the form's field: `via.url`. */
  errors?: Readonly<Record<string, ReactNode>>;
  /** Beside going straight. */
  ways: readonly ('proxy' | 'agent')[];
  /** What a way of its own means here. */
  hint: string;
  /** What going straight means here, where that needs words. */
  straightHint?: string;
  /** The proxy's password is stored. */
  keepsPassword: boolean;
  /** What the form asks for when the way is another one than before. */
  note?: ReactNode;
}

/** How calls leave the house: straight, through a proxy, or over an agent. For administrators. */
export function WayFields({ values, onChange, errors = {}, ways, hint, straightHint, keepsPassword, note }: Props) {
  const { t } = useTranslation('ways');
  const { kind } = values;
  const said = kind === 'straight' ? straightHint : hint;
  const parts = { values, onChange, errors };
  return (
    <Fieldset legend={t('way.title')} m={0} px="sm" radius="md">
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          aria-label={t('way.title')}
          value={kind}
          onChange={(next) => onChange('kind', next)}
          data={(['straight', ...ways] as const).map((value) => ({ value, label: t(`way.${value}`) }))}
        />
        {said === undefined ? null : (
          <Text size="xs" c="dimmed">
            {said}
          </Text>
        )}
        {kind === 'proxy' ? <ProxyFields {...parts} keepsPassword={keepsPassword} /> : null}
        {kind === 'agent' ? <AgentField {...parts} /> : null}
        {ways.includes('agent') ? null : (
          <Text size="xs" c="dimmed">
            {t('way.noAgentHere')}
          </Text>
        )}
        {note}
      </Stack>
    </Fieldset>
  );
}

type Parts = Required<Pick<Props, 'values' | 'onChange' | 'errors'>>;

function ProxyFields({ values, onChange, errors, keepsPassword }: Parts & { keepsPassword: boolean }) {
  const { t } = useTranslation('ways');
  const field = (name: 'url' | 'username' | 'password') => ({
    value: values[name],
    onChange: (event: { currentTarget: { value: string } }) => onChange(name, event.currentTarget.value),
    error: errors[`via.${name}`],
  });
  return (
    <>
      <TextInput label={t('way.url')} description={t('way.urlHint')} placeholder="socks5://proxy.example.com:1080" {...field('url')} />
      <TextInput label={t('way.username')} description={t('way.optional')} autoComplete="off" {...field('username')} />
      <PasswordInput
        label={t('way.password')}
        description={t(keepsPassword ? 'way.kept' : 'way.optional')}
        autoComplete="off"
        {...field('password')}
      />
    </>
  );
}

function AgentField({ values, onChange, errors }: Parts) {
  const { t } = useTranslation('ways');
  const agents = useRead(endpoints.listAgents, {});
  const items = agents.data?.items ?? [];
  return (
    <Select
      label={t('way.chooseAgent')}
      description={agents.data && items.length === 0 ? t('way.noAgents') : undefined}
      data={items.map(({ id, name }) => ({ value: id, label: name }))}
      allowDeselect={false}
      value={values.agent}
      onChange={(id) => onChange('agent', id ?? '')}
      error={errors['via.agent']}
    />
  );
}
