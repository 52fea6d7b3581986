import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLiveState } from '../live/use-live.ts';
import classes from './live-pill.module.css';

/** Whether this page hears of changes as they happen. Quiet while all is well. */
export function LivePill() {
  const { t } = useTranslation('shell');
  const state = useLiveState();
  return (
    <Tooltip label={t(`live.${state}.means`)} multiline w={240}>
      <span className={classes.pill} data-state={state} role="status">
        <span className={classes.dot} aria-hidden />
        <span className={classes.word}>{t(`live.${state}.word`)}</span>
      </span>
    </Tooltip>
  );
}
