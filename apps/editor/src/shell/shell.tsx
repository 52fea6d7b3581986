import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { Outlet, useMatches } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLiveStream } from '../live/use-live.ts';
import { Banners } from './banners.tsx';
import { CommandPalette } from './command-palette.tsx';
import { PhoneBar } from './phone-bar.tsx';
import { Rail } from './rail.tsx';
import classes from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { useCallForPeople } from './use-call-for-people.ts';

// These lay out the whole area themselves; the others are a column of readable width.
const filling = [
  '/app/flows/$id',
  '/app/runs/$id',
  '/app/inbox',
  '/app/inbox/$id',
  '/app/conversations',
  '/app/conversations/$id',
  '/app/contacts',
  '/app/contacts/$id',
];

/** What surrounds every page of a signed-in person. */
export function Shell() {
  const { t } = useTranslation('shell');
  useLiveStream();
  useCallForPeople();
  const [isNarrow, setNarrow] = useLocalStorage({ key: 'holdfast.rail', defaultValue: false });
  const hasLittleRoom = useMediaQuery('(max-width: 1080px)', false, { getInitialValueInEffect: false });
  const fills = useMatches({ select: (matches) => matches.some(({ routeId }) => filling.includes(routeId)) });
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t('skip')}
      </a>
      <Rail isNarrow={isNarrow || hasLittleRoom} onToggle={() => setNarrow((was) => !was)} />
      <TopBar />
      <Banners />
      <main id="main" className={classes.main} tabIndex={-1} data-fills={fills || undefined}>
        <Outlet />
      </main>
      <PhoneBar />
      <CommandPalette />
    </div>
  );
}
