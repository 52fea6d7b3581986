import { endpoints } from '@holdfast/contracts';
import { Button, Group } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { showDone } from '../../shell/show-done.ts';

interface OneSettingProps {
  /** Also what those hear who don't see the card. */
  title: string;
  lead: string;
  setting: 'name' | 'probeEveryMinutes';
  value: string | number;
  onSaved?: () => void;
  children: (input: GetInputPropsReturnType & { 'aria-label': string; readOnly: boolean }) => ReactNode;
}

/** One setting of the workspace in a card of its own, saved by itself. */
export function OneSetting({ title, lead, setting, value, onSaved, children }: OneSettingProps) {
  const { t } = useTranslation(['settings', 'common']);
  const mayManage = useMay('settings.manage');
  const form = useEndpointForm(endpoints.updateSettings, { initial: { [setting]: value } });
  const save = useAct(endpoints.updateSettings, {
    refreshes: [endpoints.getSettings],
    onDone: (answer: Answer<typeof endpoints.updateSettings>) => {
      form.resetDirty({ [setting]: answer[setting] });
      onSaved?.();
      showDone(t('saved'));
    },
  });
  return (
    <SettingsCard title={title} lead={lead}>
      <form onSubmit={form.onSubmit((body) => save.mutate({ body }))} noValidate>
        <Group align="flex-start" gap="xs">
          {children({ ...form.getInputProps(setting), 'aria-label': title, readOnly: !mayManage })}
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
