import { endpoints } from '@holdfast/contracts';
import { Button, Group, NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { showDone } from '../../shell/show-done.ts';

/** How often connections are tried by themselves. */
export function WatchInterval({ minutes }: { minutes: number }) {
  const { t } = useTranslation(['health', 'settings', 'common']);
  const mayManage = useMay('settings.manage');
  const form = useEndpointForm(endpoints.updateSettings, { initial: { probeEveryMinutes: minutes } });
  const save = useAct(endpoints.updateSettings, {
    refreshes: [endpoints.getSettings],
    onDone: (answer) => {
      form.resetDirty({ probeEveryMinutes: answer.probeEveryMinutes });
      showDone(t('settings:saved'));
    },
  });
  return (
    <SettingsCard title={t('interval.title')} lead={t('interval.lead')}>
      <form onSubmit={form.onSubmit((values) => save.mutate({ body: values }))} noValidate>
        <Group align="flex-start" gap="xs">
          <NumberInput
            aria-label={t('interval.title')}
            suffix={t('interval.minutes')}
            min={5}
            max={1_440}
            allowDecimal={false}
            w={160}
            readOnly={!mayManage}
            {...form.getInputProps('probeEveryMinutes')}
          />
          {mayManage ? (
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('common:action.save')}
            </Button>
          ) : null}
        </Group>
      </form>
    </SettingsCard>
  );
}
