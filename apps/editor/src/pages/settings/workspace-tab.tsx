import { endpoints } from '@holdfast/contracts';
import { Button, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { QueryView } from '../../parts/query-view.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { useSends } from '../../shell/use-sends.ts';
import { OneSetting } from './one-setting.tsx';
import { QuietHours } from './quiet-hours.tsx';
import { WatchInterval } from './watch-interval.tsx';

export function WorkspaceTab() {
  const settings = useRead(endpoints.getSettings, {});
  return (
    <Stack gap="md">
      <QueryView query={settings}>{({ name }) => <Name name={name} />}</QueryView>
      <RedSwitch />
      {settings.data ? <QuietHours key={JSON.stringify(settings.data.sending)} sending={settings.data.sending} /> : null}
      {settings.data ? <WatchInterval minutes={settings.data.probeEveryMinutes} /> : null}
    </Stack>
  );
}

function Name({ name }: { name: string }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const onSaved = () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  return (
    <OneSetting title={t('workspace.name')} lead={t('workspace.nameLead')} setting="name" value={name} onSaved={onSaved}>
      {(input) => <TextInput {...input} maxLength={120} style={{ flex: '1 1 220px', maxWidth: 360 }} />}
    </OneSetting>
  );
}

function RedSwitch() {
  const { t } = useTranslation(['settings', 'shell']);
  const sends = useSends();
  const format = useFormat();
  const isOff = sends.pausedAt !== null;
  return (
    <SettingsCard title={t('sends.title')} lead={t('sends.lead')} {...(isOff ? { tone: 'bad' as const } : {})}>
      <p style={{ marginBottom: 12 }}>
        {sends.pausedAt === null
          ? t('sends.on')
          : t('shell:sends.offDetail', { who: sends.pausedBy ?? t('shell:sends.someone'), when: format.moment(sends.pausedAt) })}
      </p>
      {sends.mayTurn ? (
        <Button
          color={isOff ? 'brand' : 'bad'}
          variant={isOff ? 'filled' : 'outline'}
          onClick={isOff ? sends.allow : sends.stop}
          loading={sends.isTurning}
        >
          {t(isOff ? 'shell:sends.allow' : 'shell:sends.stop')}
        </Button>
      ) : null}
    </SettingsCard>
  );
}
