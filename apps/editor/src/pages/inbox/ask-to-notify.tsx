import { Button } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ask-to-notify.module.css';

const isUndecided = () => 'Notification' in window && Notification.permission === 'default';

/** Asks once whether this browser may tell of people who wait; a "not now" is kept. */
export function AskToNotify() {
  const { t } = useTranslation('inbox');
  const [isRefused, setRefused] = useLocalStorage({ key: 'holdfast.notify.later', defaultValue: false, getInitialValueInEffect: false });
  const [isOpen, setOpen] = useState(isUndecided);
  if (!isOpen || isRefused) return null;
  return (
    <div className={classes.ask}>
      <p>{t('notify.question')}</p>
      <div className={classes.answers}>
        <Button size="compact-sm" variant="light" onClick={() => void Notification.requestPermission().then(() => setOpen(false))}>
          {t('notify.allow')}
        </Button>
        <Button size="compact-sm" variant="subtle" color="neutral" onClick={() => setRefused(true)}>
          {t('notify.later')}
        </Button>
      </div>
    </div>
  );
}
