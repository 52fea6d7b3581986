import { Button } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconCloudOff, IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { useHealth } from './use-health.ts';
import classes from './banners.module.css';
import { useSends } from './use-sends.ts';

/** What concerns every page: the red switch is on, or Holdfast can't be reached. */
export function Banners() {
  return (
    <div className={classes.banners}>
      <Trouble />
      <SendsPaused />
    </div>
  );
}

function Trouble() {
  const { t } = useTranslation('shell');
  const { online } = useNetwork();
  const health = useHealth();
  const text = online ? health.trouble && t(`trouble.${health.trouble}`) : t('trouble.offline');
  if (!text) return null;
  return (
    <div className={classes.banner} data-tone="warn" role="status">
      <IconCloudOff size={18} stroke={1.5} aria-hidden />
      <p>{text}</p>
    </div>
  );
}

function SendsPaused() {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const sends = useSends();
  if (sends.pausedAt === null) return null;
  return (
    <div className={classes.banner} data-tone="bad" role="status">
      <IconHandStop size={18} stroke={1.5} aria-hidden />
      <p>
        <strong>{t('sends.off')}</strong>{' '}
        {t('sends.offDetail', { who: sends.pausedBy ?? t('sends.someone'), when: format.moment(sends.pausedAt) })}
      </p>
      {sends.mayTurn ? (
        <Button size="xs" color="bad" onClick={sends.allow} loading={sends.isTurning}>
          {t('sends.allow')}
        </Button>
      ) : null}
    </div>
  );
}
