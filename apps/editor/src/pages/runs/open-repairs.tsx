import { endpoints, type Repair } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { RepairBadge, RepairCount, RepairProgress } from './repair-progress.tsx';
import classes from './repair.module.css';

const shownEnded = 2;

/** Repairs that go on or wait for a person, and in one line each the latest that ended. */
export function OpenRepairs({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation('repairs');
  const repairs = useRead(endpoints.listRepairs, {}, { refetchInterval: 5_000 });
  const items = repairs.data?.items ?? [];
  const open = items.filter((repair) => repair.endedAt === null);
  const ended = items.filter((repair) => repair.endedAt !== null).slice(0, shownEnded);
  if (open.length + ended.length === 0) return null;
  const details = (repair: Repair) => (
    <Button size="compact-xs" variant="subtle" color="neutral" className={classes.details} onClick={() => onOpen(repair.id)}>
      {t('details')}
    </Button>
  );
  return (
    <section className={classes.repairs} aria-label={t('progress')}>
      {open.map((repair) => (
        <article key={repair.id} className={classes.repair}>
          <RepairProgress repair={repair} />
          {details(repair)}
        </article>
      ))}
      {ended.map((repair) => (
        <article key={repair.id} className={classes.ended}>
          <RepairBadge repair={repair} />
          <span>
            <RepairCount repair={repair} />
          </span>
          {details(repair)}
        </article>
      ))}
    </section>
  );
}
