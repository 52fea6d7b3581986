import type { FlowSummary } from '@holdfast/contracts';
import { Tooltip } from '@mantine/core';
import { IconEarOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { StatusBadge } from '../../parts/status-badge.tsx';

/** Less came than a live flow's start expects: how much, and in which window. */
export function FlowSilence({ silence }: Pick<FlowSummary, 'silence'>) {
  const { t } = useTranslation('health');
  const format = useFormat();
  if (silence === null) return null;
  const { came, atLeast, from, until } = silence;
  const why = t('silence.why', { came, count: atLeast, from: format.moment(from), until: format.moment(until) });
  return (
    <Tooltip label={why} multiline maw={320}>
      <span>
        <StatusBadge tone="warn" icon={IconEarOff}>
          {t(came === 0 ? 'silence.nothing' : 'silence.little')}
        </StatusBadge>
      </span>
    </Tooltip>
  );
}
