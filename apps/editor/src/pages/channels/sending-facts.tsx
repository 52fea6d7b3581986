import type { Channel } from '@holdfast/contracts';
import { IconCircleCheck, IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatMicro } from '../../i18n/format.ts';
import { Age } from '../../parts/age.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import classes from './channels-page.module.css';

const qualities = {
  green: { tone: 'ok', icon: IconCircleCheck },
  yellow: { tone: 'warn', icon: IconAlertTriangle },
  red: { tone: 'bad', icon: IconCircleX },
} as const;

/** How the provider rates the number, how far it lets us go, and what it costs. */
export function SendingFacts({ channel: { kind, health } }: { channel: Channel }) {
  const { t, i18n } = useTranslation('channels');
  if (kind !== 'whatsapp') return null;
  const { sending, facts } = health;
  const quality = qualityOf(sending.quality, facts['quality']);
  const calledAt =
    typeof facts['webhookAt'] === 'string' ? facts['webhookAt'] : typeof facts['verifiedAt'] === 'string' ? facts['verifiedAt'] : null;
  return (
    <dl className={classes.lines}>
      <div>
        <dt>{t('fact.quality')}</dt>
        <dd>
          {quality ? (
            <StatusBadge {...qualities[quality]} isQuiet>
              {t(`quality.${quality}`)}
            </StatusBadge>
          ) : (
            t('fact.notTold')
          )}
        </dd>
      </div>
      <div>
        <dt>{t('fact.people')}</dt>
        <dd className="tabular">
          {peopleText(sending.peoplePerDay, facts['tier'], i18n.language) ??
            t(sending.peoplePerDay === -1 ? 'fact.unlimited' : 'fact.notTold')}
        </dd>
      </div>
      <div>
        <dt>{t('fact.called')}</dt>
        <dd>{calledAt === null ? t('fact.never') : <Age at={calledAt} />}</dd>
      </div>
      <div>
        <dt>{t('fact.windows')}</dt>
        <dd className="tabular">{sending.openWindows}</dd>
      </div>
      <div>
        <dt>{t('fact.costs')}</dt>
        <dd className="tabular">
          {sending.costs.length === 0
            ? '–'
            : sending.costs.map(({ micro, currency }) => formatMicro(i18n.language, micro, currency)).join(' + ')}
        </dd>
      </div>
    </dl>
  );
}

/** What a webhook said comes before what was last asked. */
function qualityOf(said: string | null, asked: unknown): keyof typeof qualities | null {
  const word = (said ?? (typeof asked === 'string' ? asked : '')).toLowerCase();
  return word === 'green' || word === 'yellow' || word === 'red' ? word : null;
}

/** `TIER_2K` is what Meta answers when asked; a webhook says the figure. */
function peopleText(told: number | null, tier: unknown, language: string): string | null {
  const found = typeof tier === 'string' ? /(\d+)(K?)$/i.exec(tier) : null;
  const people = told ?? (found ? Number(found[1]) * (found[2] === '' ? 1 : 1_000) : null);
  return people === null || people < 0 ? null : new Intl.NumberFormat(language).format(people);
}
