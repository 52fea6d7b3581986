import { Drawer, NavLink, UnstyledButton } from '@mantine/core';
import { isAllowed } from '@holdfast/contracts';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../client/session.ts';
import classes from './phone-bar.module.css';
import { places } from './places.ts';
import { useWaitingCounts } from './use-waiting-counts.ts';

/** The rail of a phone: the four places of daily work at the bottom, the others one tap away. */
export function PhoneBar() {
  const { t } = useTranslation('shell');
  const [isOpen, setOpen] = useState(false);
  const role = useSession()?.role;
  const counts = useWaitingCounts();
  const countOf = (name: string) => (name === 'inbox' ? counts.inbox : name === 'runs' ? counts.runs : 0);
  const mine = places.filter((place) => role !== undefined && isAllowed(role, place.needs));
  return (
    <nav className={classes.bar} aria-label={t('rail.label')}>
      {mine
        .filter(({ group }) => group === 'work')
        .map(({ name, to, icon: Glyph }) => (
          <Link key={name} to={to} className={classes.place} activeProps={{ 'aria-current': 'page' }}>
            <span className={classes.icon}>
              <Glyph size={20} stroke={1.5} aria-hidden />
              {countOf(name) > 0 ? (
                <span className={classes.count} data-place={name}>
                  {countOf(name)}
                </span>
              ) : null}
            </span>
            <span className={classes.label}>{t(`placesShort.${name}`)}</span>
          </Link>
        ))}
      <UnstyledButton className={classes.place} onClick={() => setOpen(true)} aria-haspopup="dialog">
        <IconDots size={20} stroke={1.5} aria-hidden />
        <span className={classes.label}>{t('rail.more')}</span>
      </UnstyledButton>
      <Drawer opened={isOpen} onClose={() => setOpen(false)} position="bottom" title={t('rail.more')} size="auto">
        {mine
          .filter(({ group }) => group === 'setup')
          .map(({ name, to, icon: Glyph }) => (
            <NavLink
              key={name}
              label={t(`places.${name}`)}
              leftSection={<Glyph size={18} stroke={1.5} />}
              renderRoot={(props) => <Link to={to} {...props} />}
              onClick={() => setOpen(false)}
            />
          ))}
      </Drawer>
    </nav>
  );
}
