import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { isAllowed } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../client/session.ts';
import { Mark } from '../parts/mark.tsx';
import { places } from './places.ts';
import classes from './rail.module.css';
import { useWaitingCounts } from './use-waiting-counts.ts';

interface RailProps {
  isNarrow: boolean;
  onToggle: () => void;
}

/** The places of the product. Icons with labels, icons alone, or a bar at the bottom of a phone. */
export function Rail({ isNarrow, onToggle }: RailProps) {
  const { t } = useTranslation('shell');
  const session = useSession();
  const Toggle = isNarrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes.rail} aria-label={t('rail.label')} data-narrow={isNarrow || undefined}>
      <Link to="/flows" className={classes.brand} aria-label="Holdfast">
        <Mark size={28} />
        <span className={classes.name}>Holdfast</span>
      </Link>
      {session ? (
        <p className={classes.workspace} title={session.workspace.name}>
          {session.workspace.name}
        </p>
      ) : null}
      <Places group="work" isNarrow={isNarrow} />
      <div className={classes.rule} role="presentation" />
      <Places group="setup" isNarrow={isNarrow} />
      <Tooltip label={t(isNarrow ? 'rail.widen' : 'rail.narrow')} position="right">
        <ActionIcon className={classes.toggle} onClick={onToggle} aria-label={t(isNarrow ? 'rail.widen' : 'rail.narrow')}>
          <Toggle size={18} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
    </nav>
  );
}

function Places({ group, isNarrow }: { group: 'work' | 'setup'; isNarrow: boolean }) {
  const { t } = useTranslation('shell');
  const role = useSession()?.role;
  const counts = useWaitingCounts();
  const countOf = (name: string) => (name === 'inbox' ? counts.inbox : name === 'runs' ? counts.runs : 0);
  return (
    <ul className={classes.places} data-group={group}>
      {places
        .filter((place) => place.group === group && role !== undefined && isAllowed(role, place.needs))
        .map(({ name, to, icon: Glyph }) => (
          <li key={name}>
            <Tooltip label={t(`places.${name}`)} position="right" disabled={!isNarrow}>
              <Link to={to} className={classes.place} activeProps={{ 'aria-current': 'page' }}>
                <Glyph size={18} stroke={1.5} aria-hidden />
                <span className={classes.label}>{t(`places.${name}`)}</span>
                {countOf(name) > 0 ? (
                  <span className={classes.count} data-place={name}>
                    <span aria-hidden>{countOf(name) > 99 ? '99+' : countOf(name)}</span>
                    <span className={classes.spoken}>
                      {name === 'inbox' ? t('rail.waiting', { count: countOf(name) }) : t('rail.attention', { count: countOf(name) })}
                    </span>
                  </span>
                ) : null}
              </Link>
            </Tooltip>
          </li>
        ))}
    </ul>
  );
}
