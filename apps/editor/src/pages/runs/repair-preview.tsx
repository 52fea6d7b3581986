import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Age } from '../../parts/age.tsx';
import { useSaid } from '../../parts/use-said.ts';
import type { RepairChoice } from './repair-choice.ts';
import type { PreviewAnswer } from './repair-form.tsx';
import classes from './repair.module.css';

/** How many, which for example, what is done, and what would fail again. */
export function RepairPreview({ preview, kind }: { preview: PreviewAnswer; kind: RepairChoice['kind'] }) {
  const { t } = useTranslation('repairs');
  const said = useSaid();
  const { count, ambiguous, otherValue, unfit, examples, checked } = preview;
  const unfitCount = unfit.reduce((sum, each) => sum + each.count, 0);
  return (
    <div className={classes.preview} aria-live="polite">
      <p className={classes.lead}>{t(`preview.${kind}`, { count })}</p>
      <ul>
        {examples.map(({ run, startedAt, contact, before, after }) => (
          <li key={run}>
            <Link to="/runs/$id" params={{ id: run }}>
              {contact ?? t('preview.run')}
            </Link>{' '}
            <Age at={startedAt} />
            {kind === 'edit' ? (
              <>
                : <code>{JSON.stringify(before)}</code> → <code>{JSON.stringify(after)}</code>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      {otherValue > 0 ? <p>{t('preview.otherValue', { count: otherValue })}</p> : null}
      {ambiguous > 0 && (kind === 'retry' || kind === 'edit') ? <Warning>{t('preview.ambiguous', { count: ambiguous })}</Warning> : null}
      {unfitCount > 0 ? (
        <Warning>
          {t('preview.unfit', { count: unfitCount })} {unfit.map((each) => said(each.detail)).join(' ')}
        </Warning>
      ) : null}
      {checked < count ? <p>{t('preview.checked', { count: checked })}</p> : null}
    </div>
  );
}

function Warning({ children }: { children: React.ReactNode }) {
  return (
    <p className={classes.warning}>
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      <span>{children}</span>
    </p>
  );
}
