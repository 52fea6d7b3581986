import type { Conversation } from '@holdfast/contracts';
import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { useNow } from '../../parts/use-now.ts';
import classes from './talk-head.module.css';

/** How long free answers may still be sent, on channels where that ends; afterwards only approved templates go out. */
export function AnswerWindow({ conversation: { channel, windowUntil } }: { conversation: Pick<Conversation, 'channel' | 'windowUntil'> }) {
  const { t } = useTranslation('inbox');
  const format = useFormat();
  const now = useNow();
  if (channel.kind !== 'whatsapp') return null;
  // Whole minutes: a countdown in seconds would only make people hurry.
  const leftMs = windowUntil === null ? 0 : Math.floor((Date.parse(windowUntil) - now) / 60_000) * 60_000;
  const isOpen = leftMs > 0;
  return (
    <Tooltip label={t(isOpen ? 'window.openMeans' : 'window.closedMeans')} multiline w={280}>
      <span className={classes.window} data-open={isOpen}>
        {' · '}
        {isOpen ? t('window.open', { time: format.span(leftMs) }) : t('window.closed')}
      </span>
    </Tooltip>
  );
}
