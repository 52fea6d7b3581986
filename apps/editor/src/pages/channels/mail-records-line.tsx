import type { Channel } from '@holdfast/contracts';
import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './account-facts.module.css';
import { MailRecords } from './mail-records.tsx';
import { mailRecordsOf } from './mail-records.ts';

/** One line of the card: whether other mail servers believe our mails; a click says why, and what to do. */
export function MailRecordsLine({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const [isOpen, setOpen] = useState(false);
  const records = mailRecordsOf(channel);
  if (!records || records.length === 0) return null;
  const bad = records.filter(({ state }) => state === 'bad').length;
  const open = records.filter(({ state }) => state !== 'good').length;
  return (
    <li data-tone={bad > 0 ? 'warn' : undefined}>
      {bad > 0 ? <IconAlertTriangle size={16} stroke={1.5} aria-hidden /> : <IconShieldCheck size={16} stroke={1.5} aria-hidden />}
      <UnstyledButton className={classes.open} onClick={() => setOpen(true)}>
        {bad > 0 ? t('records.bad', { count: bad }) : open > 0 ? t('records.open', { count: open }) : t('records.good')}
      </UnstyledButton>
      <MailRecords channel={channel} records={records} isOpen={isOpen} onClose={() => setOpen(false)} />
    </li>
  );
}
