import { endpoints, type KeptCall } from '@holdfast/contracts';
import { Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClock, IconSend, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { useSaid } from '../../parts/use-said.ts';
import type { Tone } from '../../theme/theme.ts';
import { CallOrigin } from './call-origin.tsx';
import classes from './queue.module.css';
import type { Settling } from './settle-kept-form.tsx';

const looks: Record<KeptCall['state'], { tone: Tone; icon: Icon }> = {
  waiting: { tone: 'neutral', icon: IconClock },
  dispatching: { tone: 'neutral', icon: IconSend },
  delivered: { tone: 'ok', icon: IconCircleCheck },
  stopped: { tone: 'warn', icon: IconAlertTriangle },
  discarded: { tone: 'neutral', icon: IconCircleX },
};

interface Props {
  call: KeptCall;
  mayAct: boolean;
  onSettle: (as: Settling) => void;
}

export function KeptRow({ call, mayAct, onSettle }: Props) {
  const { t } = useTranslation('providers');
  const { t: tProblem } = useTranslation('problems');
  const said = useSaid();
  const { tone, icon } = looks[call.state];
  return (
    <article className={classes.call}>
      <span className={classes.position}>{call.position ?? ''}</span>
      <div className={classes.what}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <span className={classes.address} title={call.what}>
            {call.what}
          </span>
          <StatusBadge tone={tone} icon={icon}>
            {t(`keptCalls.state.${call.state}`)}
          </StatusBadge>
        </Group>
        <p>
          <CallOrigin origin={call.origin} />
        </p>
        <When call={call} />
        {call.behind > 0 ? (
          <p>
            <strong>{t('keptCalls.holdsUp', { count: call.behind })}</strong>
          </p>
        ) : null}
        {call.waitsFor === null ? null : <p>{t('keptCalls.waitsFor', { what: call.waitsFor })}</p>}
        {call.problem ? (
          <p title={said(call.problem.detail, call.problem.said?.detail)}>
            {titleOfProblem(tProblem, call.problem)}: {said(call.problem.detail, call.problem.said?.detail)}
          </p>
        ) : null}
        {call.note ? (
          <p>
            {call.settledBy}: {call.note}
          </p>
        ) : null}
        {mayAct && (call.state === 'stopped' || call.state === 'waiting') ? <Acts call={call} onSettle={onSettle} /> : null}
      </div>
    </article>
  );
}

function When({ call: { state, keptAt, settledAt, expectedAt, attempts, orderKey } }: { call: KeptCall }) {
  const { t } = useTranslation('providers');
  const isOver = state === 'delivered' || state === 'discarded';
  return (
    <p>
      {t('keptCalls.keptAt')} <Age at={keptAt} />
      {isOver && settledAt ? (
        <>
          {', '}
          {t(`keptCalls.over.${state}`)} <Age at={settledAt} />
        </>
      ) : null}
      {state === 'waiting' && expectedAt ? (
        <>
          {', '}
          {t('goesOut')} <Age at={expectedAt} />
        </>
      ) : null}
      {attempts > 0 && !isOver ? `, ${t('keptCalls.attempts', { count: attempts })}` : ''}
      {orderKey === '' ? '' : `, ${t('keptCalls.inOrder', { key: orderKey })}`}
    </p>
  );
}

function Acts({ call, onSettle }: Omit<Props, 'mayAct'>) {
  const { t } = useTranslation('providers');
  const retry = useAct(endpoints.retryKeptCall, { refreshes: [endpoints.listKeptCalls, endpoints.listProviders] });
  return (
    <Group gap="xs" mt={6}>
      {call.state === 'stopped' ? (
        <>
          <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate({ params: { id: call.id } })}>
            {t('keptCalls.retry')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => onSettle('arrived')}>
            {t('keptCalls.arrived')}
          </Button>
        </>
      ) : null}
      <Button size="compact-xs" variant="default" onClick={() => onSettle('discard')}>
        {t('keptCalls.discard')}
      </Button>
    </Group>
  );
}
