import { ActionIcon, Tooltip } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSends } from './use-sends.ts';

/** Always in reach: stops every automated message. While it is on, the banner takes its place. */
export function SendsSwitch() {
  const { t } = useTranslation('shell');
  const sends = useSends();
  if (!sends.mayTurn || sends.pausedAt !== null) return null;
  return (
    <Tooltip label={t('sends.stop')}>
      <ActionIcon onClick={sends.stop} aria-label={t('sends.stop')}>
        <IconHandStop size={18} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
}
