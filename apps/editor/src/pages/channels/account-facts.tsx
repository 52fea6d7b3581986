import type { Channel } from '@holdfast/contracts';
import { Code } from '@mantine/core';
import { IconAlertTriangle, IconBolt, IconEye, IconEyeOff, IconRefresh, IconRoute, IconWorld } from '@tabler/icons-react';
import { Trans, useTranslation } from 'react-i18next';
import classes from './account-facts.module.css';
import { MailRecordsLine } from './mail-records-line.tsx';
import { mailWayOf } from './mail-way.tsx';

/** How mail reaches us and what keeps ours out of inboxes; whether Twilio calls us; how many messages came back; what a bot sees in groups. */
export function AccountFacts({ channel }: { channel: Channel }) {
  const { t, i18n } = useTranslation(['channels', 'ways']);
  const { kind, health } = channel;
  if (kind === 'telegram') return <GroupReading channel={channel} />;
  if (kind !== 'email' && kind !== 'sms') return null;
  const { facts, sending } = health;
  const { taken, failed } = sending.recent;
  const warnings = [
    ...(kind === 'sms' && facts['callsUs'] === false ? [t('mail.notCalled')] : []),
    ...(kind === 'sms' && facts['isTrial'] === true ? [t('mail.trial')] : []),
  ];
  const via = kind === 'email' ? mailWayOf(channel) : null;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <ul className={classes.lines}>
      {kind === 'email' && typeof facts['idle'] === 'boolean' ? (
        <li>
          {facts['idle'] ? <IconBolt size={16} stroke={1.5} aria-hidden /> : <IconRefresh size={16} stroke={1.5} aria-hidden />}
          {t(facts['idle'] ? 'mail.idle' : 'mail.polling')}
        </li>
      ) : null}
      {taken > 0 ? (
        <li data-tone={failed > 0 ? 'warn' : undefined} className="tabular">
          {failed > 0 ? <IconAlertTriangle size={16} stroke={1.5} aria-hidden /> : null}
          {t('mail.failed')}: {number.format(failed)} / {number.format(taken)}
        </li>
      ) : null}
      {kind === 'email' ? <MailRecordsLine channel={channel} /> : null}
      {via ? (
        <li>
          <IconWorld size={16} stroke={1.5} aria-hidden />
          {t('ways:way.mailRow', { host: new URL(via.url).host })}
        </li>
      ) : null}
      {kind === 'email' && channel.config['relay'] ? (
        <li>
          <IconRoute size={16} stroke={1.5} aria-hidden />
          {t('relay.there')}
        </li>
      ) : null}
      {warnings.map((warning) => (
        <li key={warning} data-tone="warn">
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          {warning}
        </li>
      ))}
    </ul>
  );
}

/** What a bot sees in groups is BotFather's setting; each check asks Telegram for it anew. */
function GroupReading({ channel: { config, health } }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const isPrivate = health.facts['privacyMode'] ?? config['privacyMode'];
  if (typeof isPrivate !== 'boolean') return null;
  return (
    <ul className={classes.lines}>
      <li>
        {isPrivate ? <IconEyeOff size={16} stroke={1.5} aria-hidden /> : <IconEye size={16} stroke={1.5} aria-hidden />}
        {isPrivate ? (
          <details className={classes.more}>
            <summary>{t('groups.addressed')}</summary>
            <Trans t={t} i18nKey="groups.open" components={{ code: <Code /> }} />
          </details>
        ) : (
          t('groups.all')
        )}
      </li>
    </ul>
  );
}
