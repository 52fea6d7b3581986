import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageMenu } from '../../shell/language-menu.tsx';
import { ThemeMenu } from '../../shell/theme-menu.tsx';
import { Mark } from '../../parts/mark.tsx';
import { KelpForest } from './kelp-forest.tsx';
import classes from './welcome-frame.module.css';

/** The pages before signing in: a form at the left, what Holdfast is at the right. */
export function WelcomeFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTranslation('welcome');
  return (
    <div className={classes.frame}>
      <main className={classes.side}>
        <header className={classes.top}>
          <span className={classes.brand}>
            <Mark size={30} />
            Holdfast
          </span>
          <span className={classes.choices}>
            <LanguageMenu />
            <ThemeMenu />
          </span>
        </header>
        <div className={classes.form}>
          <h1 className={classes.title}>{title}</h1>
          <p className={classes.lead}>{lead}</p>
          {children}
        </div>
        <p className={classes.foot}>{t('foot')}</p>
      </main>
      <aside className={classes.picture} aria-label={t('promise.label')}>
        <KelpForest />
        <div className={classes.promise}>
          <h2>{t('promise.title')}</h2>
          <p>{t('promise.text')}</p>
        </div>
      </aside>
    </div>
  );
}
