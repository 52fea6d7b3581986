import { endpoints } from '@holdfast/contracts';
import { Menu, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../client/api-error.ts';
import { call } from '../client/call.ts';
import { forgetSession } from '../client/forget-session.ts';
import { useSession } from '../client/session.ts';
import { initials } from '../parts/initials.ts';
import { LanguageItems } from './language-menu.tsx';
import classes from './me-menu.module.css';
import { showProblem } from './show-problem.tsx';
import { ThemeItems } from './theme-menu.tsx';

/** Who is signed in. On a phone it also holds language and theme. */
export function MeMenu({ isFull }: { isFull: boolean }) {
  const { t, i18n } = useTranslation(['shell', 'common']);
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!session) return null;
  const leave = async () => {
    await call(endpoints.signOut, {});
    forgetSession(client);
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" width={248}>
      <Menu.Target>
        <UnstyledButton className={classes.me} aria-label={t('me.menu', { name: session.user.name })}>
          <span className={classes.initials} data-initials={initials(session.user.name)} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{session.user.name}</strong>
          <span>{session.user.email}</span>
          <span>{t(`common:role.${session.role}`)}</span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUser size={16} stroke={1.5} />} renderRoot={(props) => <Link to="/me" {...props} />}>
          {t('me.account')}
        </Menu.Item>
        {isFull ? (
          <>
            <Menu.Divider />
            <Menu.Label>{t('language')}</Menu.Label>
            <LanguageItems current={i18n.language} />
            <Menu.Label>{t('theme.label')}</Menu.Label>
            <ThemeItems />
          </>
        ) : null}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.5} />}
          onClick={() => void leave().catch((error: unknown) => showProblem(asApiError(error)))}
        >
          {t('me.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
