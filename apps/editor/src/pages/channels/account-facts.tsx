import type { Channel } from '@holdfast/contracts';
import { IconAlertTriangle, IconBolt, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './account-facts.module.css';

/** How mail reaches us and what keeps ours out of inboxes; whether Twilio calls us; and how many messages came back. */
export function AccountFacts({ channel: { kind, health } }: { channel: Channel }) {
  const { t, i18n } = useTranslation('channels');
  if (kind !== 'email' && kind !== 'sms') return null;
  const { facts, sending } = health;
  const { taken, failed } = sending.recent;
  const warnings = [
    ...(kind === 'email' && facts['spf'] === false ? [t('mail.noSpf')] : []),
    ...(kind === 'email' && facts['dmarc'] === false ? [t('mail.noDmarc')] : []),
    ...(kind === 'sms' && facts['callsUs'] === false ? [t('mail.notCalled')] : []),
    ...(kind === 'sms' && facts['isTrial'] === true ? [t('mail.trial')] : []),
  ];
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
      {warnings.map((warning) => (
        <li key={warning} data-tone="warn">
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          {warning}
        </li>
      ))}
    </ul>
  );
}
