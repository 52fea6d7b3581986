import { endpoints } from '@holdfast/contracts';
import { ActionIcon, Button, Group, NumberInput, Select, Stack, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { showDone } from '../../shell/show-done.ts';
import classes from './settings-page.module.css';

type Price = Answer<typeof endpoints.getSettings>['prices'][number];

export function ModelsTab() {
  const settings = useRead(endpoints.getSettings, {});
  return <QueryView query={settings}>{({ prices }) => <Prices key={JSON.stringify(prices)} prices={prices} />}</QueryView>;
}

interface Values extends Record<string, unknown> {
  prices: Price[];
}

function Prices({ prices }: { prices: Price[] }) {
  const { t } = useTranslation(['settings', 'common']);
  const mayManage = useMay('settings.manage');
  const initial: Values = { prices };
  const form = useEndpointForm(endpoints.updateSettings, { initial });
  const save = useAct(endpoints.updateSettings, { refreshes: [endpoints.getSettings], isQuiet: true, onDone: () => showDone(t('saved')) });
  const add = () =>
    form.insertListItem('prices', {
      provider: 'claude',
      model: '',
      inputUsd: 0,
      outputUsd: 0,
      since: new Date().toISOString().slice(0, 10),
    });
  return (
    <SettingsCard title={t('models.title')} lead={t('models.lead')}>
      <form onSubmit={form.onSubmit((values) => save.mutate({ body: { prices: values.prices } }))} noValidate>
        <Stack gap="md">
          {save.isError ? <ProblemAlert error={save.error} /> : null}
          {form.values.prices.length === 0 ? (
            <p style={{ color: 'var(--text-2)' }}>{t('models.none')}</p>
          ) : (
            <PriceTable form={form} mayManage={mayManage} />
          )}
          {mayManage ? (
            <Group gap="xs">
              <Button variant="default" leftSection={<IconPlus size={16} stroke={1.5} />} onClick={add}>
                {t('models.add')}
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                {t('common:action.save')}
              </Button>
            </Group>
          ) : null}
        </Stack>
      </form>
    </SettingsCard>
  );
}

function PriceTable({ form, mayManage }: { form: ReturnType<typeof useEndpointForm<Values>>; mayManage: boolean }) {
  const { t } = useTranslation(['settings', 'common', 'connections']);
  return (
    <div className={classes.scrolls}>
      <table className={classes.prices}>
        <thead>
          <tr>
            {(['provider', 'model', 'input', 'output', 'since'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`models.${column}`)}
              </th>
            ))}
            <th aria-label={t('common:action.remove')} />
          </tr>
        </thead>
        <tbody>
          {form.values.prices.map((price, index) => (
            <tr key={index}>
              <td>
                <Select
                  size="xs"
                  miw={130}
                  aria-label={t('models.provider')}
                  readOnly={!mayManage}
                  data={(['claude', 'groq', 'openai-compatible'] as const).map((provider) => ({
                    value: provider,
                    label: t(`connections:kind.${provider}.name`),
                  }))}
                  {...form.getInputProps(`prices.${index}.provider`)}
                />
              </td>
              <td>
                <TextInput
                  size="xs"
                  miw={180}
                  aria-label={t('models.model')}
                  readOnly={!mayManage}
                  {...form.getInputProps(`prices.${index}.model`)}
                />
              </td>
              <td>
                <NumberInput
                  size="xs"
                  w={92}
                  aria-label={t('models.input')}
                  min={0}
                  decimalScale={4}
                  hideControls
                  readOnly={!mayManage}
                  {...form.getInputProps(`prices.${index}.inputUsd`)}
                />
              </td>
              <td>
                <NumberInput
                  size="xs"
                  w={92}
                  aria-label={t('models.output')}
                  min={0}
                  decimalScale={4}
                  hideControls
                  readOnly={!mayManage}
                  {...form.getInputProps(`prices.${index}.outputUsd`)}
                />
              </td>
              <td>
                <TextInput
                  size="xs"
                  w={136}
                  type="date"
                  aria-label={t('models.since')}
                  readOnly={!mayManage}
                  {...form.getInputProps(`prices.${index}.since`)}
                />
              </td>
              <td>
                {mayManage ? (
                  <Tooltip label={t('common:action.remove')}>
                    <ActionIcon
                      onClick={() => form.removeListItem('prices', index)}
                      aria-label={t('models.remove', { model: price.model })}
                    >
                      <IconTrash size={16} stroke={1.5} />
                    </ActionIcon>
                  </Tooltip>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
