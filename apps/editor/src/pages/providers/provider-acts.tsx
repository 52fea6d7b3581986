import type { Provider } from '@holdfast/contracts';
import { Button, Menu } from '@mantine/core';
import { IconDoorExit, IconGauge, IconListNumbers, IconPlayerPause, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { RowMenu } from '../../parts/row-menu.tsx';
import rows from '../../parts/rows.module.css';
import type { Holding } from './pause-form.tsx';
import { useLettingGo } from './use-letting-go.ts';

export interface ProviderActsProps {
  provider: Provider;
  onLimit: () => void;
  onHold: (holding: Holding) => void;
  onQueue: () => void;
}

/** What a person may do with a provider now. */
export function ProviderActs({ provider, onLimit, onHold, onQueue }: ProviderActsProps) {
  const { t } = useTranslation('providers');
  const mayHold = useMay('runs.override');
  const mayLimit = useMay('credentials.manage');
  const isHeld = provider.state === 'paused' || provider.state === 'draining';
  // It has limits of its own, and keeps its messages itself.
  const isChannel = provider.kind === 'channel';
  const { resume, tryNow } = useLettingGo(provider);
  return (
    <div className={rows.end}>
      {mayHold && isHeld ? (
        <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate({ params: { id: provider.id } })}>
          {t('resume')}
        </Button>
      ) : null}
      {mayHold && !isHeld ? (
        <Button size="xs" variant="default" onClick={() => onHold('pause')}>
          {t('pause.open')}
        </Button>
      ) : null}
      <RowMenu name={provider.name}>
        <Menu.Item leftSection={<IconListNumbers size={16} stroke={1.5} />} onClick={onQueue}>
          {t('queue.open')}
        </Menu.Item>
        {mayHold && (provider.state === 'down' || provider.state === 'resting') ? (
          <Menu.Item leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={() => tryNow.mutate({ params: { id: provider.id } })}>
            {t('tryNow')}
          </Menu.Item>
        ) : null}
        {mayHold && provider.state === 'draining' ? (
          <Menu.Item leftSection={<IconPlayerPause size={16} stroke={1.5} />} onClick={() => onHold('pause')}>
            {t('pause.open')}
          </Menu.Item>
        ) : null}
        {mayHold && !isChannel && provider.state !== 'draining' ? (
          <Menu.Item leftSection={<IconDoorExit size={16} stroke={1.5} />} onClick={() => onHold('drain')}>
            {t('drain.open')}
          </Menu.Item>
        ) : null}
        {mayLimit && !isChannel ? (
          <Menu.Item leftSection={<IconGauge size={16} stroke={1.5} />} onClick={onLimit}>
            {t('limitForm.open')}
          </Menu.Item>
        ) : null}
      </RowMenu>
    </div>
  );
}
