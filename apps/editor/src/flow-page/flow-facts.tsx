import { endpoints, type FlowDetail } from '@holdfast/contracts';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../client/index.ts';
import { FlowSilence } from '../pages/flows/flow-silence.tsx';
import css from './flow-page.module.css';

/** How the flow is doing right now, each number a way to what it counts. */
export function FlowFacts({ detail }: { detail: FlowDetail }) {
  const { t } = useTranslation('flow');
  const { data } = useRead(endpoints.listFlows, {});
  const { runs, silence } = data?.items.find((flow) => flow.id === detail.id) ?? detail;
  return (
    <Text fz={13} lh="20px" c="dimmed" component="div">
      <Link className={css.fact} to="/runs" search={{ flow: detail.id }}>
        {t('facts.today', { count: runs.today })}
      </Link>
      {runs.open > 0 ? (
        <>
          {' '}
          ·{' '}
          <Link className={css.fact} to="/runs" search={{ flow: detail.id, status: 'open' }}>
            {t('facts.open', { count: runs.open })}
          </Link>
        </>
      ) : null}
      {runs.attention > 0 ? (
        <>
          {' '}
          ·{' '}
          <Link className={css.fact} to="/runs" search={{ flow: detail.id, status: 'attention' }} style={{ color: 'var(--warn)' }}>
            {t('facts.attention', { count: runs.attention })}
          </Link>
        </>
      ) : null}
      <FlowSilence silence={silence} />
    </Text>
  );
}
