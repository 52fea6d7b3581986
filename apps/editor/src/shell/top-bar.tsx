import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Mark } from '../parts/mark.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { LivePill } from './live-pill.tsx';
import { MeMenu } from './me-menu.tsx';
import { SendsSwitch } from './sends-switch.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import classes from './top-bar.module.css';
import { slotStore } from './top-bar-slot.tsx';

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent);

/** Search, connection, language, theme and the person, on every page; a page may fill the left part. */
export function TopBar() {
  const { t } = useTranslation('shell');
  const isPhone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false });
  return (
    <header className={classes.bar}>
      <Link to="/flows" className={classes.mark} aria-label="Holdfast">
        <Mark size={26} />
      </Link>
      <div className={classes.slot} ref={(place) => slotStore.setState({ place })} />
      <UnstyledButton className={classes.search} onClick={spotlight.open}>
        <IconSearch size={16} stroke={1.5} aria-hidden />
        <span>{t('search.open')}</span>
        <kbd className={classes.keys}>{isApple ? '⌘ K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      <Tooltip label={t('search.open')}>
        <ActionIcon className={classes.searchIcon} onClick={spotlight.open} aria-label={t('search.open')}>
          <IconSearch size={18} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
      <div className={classes.tools}>
        <LivePill />
        <SendsSwitch />
        {isPhone ? null : <LanguageMenu />}
        {isPhone ? null : <ThemeMenu />}
        <MeMenu isFull={isPhone} />
      </div>
    </header>
  );
}
