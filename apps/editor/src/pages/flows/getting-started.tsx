import type { FlowSummary } from '@holdfast/contracts';
import { CloseButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconBrandTelegram, IconMessageCirclePlus, IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import classes from './getting-started.module.css';

/** What a newcomer does first, while there is only the flow that came with the workspace; once closed it stays closed. */
export function GettingStarted({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation('flows');
  const [isClosed, setClosed] = useLocalStorage({ key: 'holdfast.start.closed', defaultValue: false, getInitialValueInEffect: false });
  const mayTry = useMay('simulator.use');
  const mayWrite = useMay('flows.write');
  const mayConnect = useMay('channels.manage');
  if (isClosed || !(mayTry || mayWrite || mayConnect)) return null;
  return (
    <section className={classes.card} aria-label={t('start.title')}>
      <header className={classes.head}>
        <h2>{t('start.title')}</h2>
        <CloseButton size="sm" aria-label={t('start.close')} title={t('start.close')} onClick={() => setClosed(true)} />
      </header>
      <ol className={classes.steps}>
        {mayTry ? (
          <li>
            <IconMessageCirclePlus size={18} stroke={1.5} aria-hidden />
            <Link to="/flows/$id" params={{ id: flow.id }} search={{ test: true }}>
              {t('start.talk', { name: flow.name })}
            </Link>
            <p>{t('start.talkText')}</p>
          </li>
        ) : null}
        {mayWrite ? (
          <li>
            <IconPencil size={18} stroke={1.5} aria-hidden />
            <Link to="/flows/$id" params={{ id: flow.id }}>
              {t('start.change')}
            </Link>
            <p>{t('start.changeText')}</p>
          </li>
        ) : null}
        {mayConnect ? (
          <li>
            <IconBrandTelegram size={18} stroke={1.5} aria-hidden />
            <Link to="/channels">{t('start.connect')}</Link>
            <p>{t('start.connectText')}</p>
          </li>
        ) : null}
      </ol>
    </section>
  );
}
