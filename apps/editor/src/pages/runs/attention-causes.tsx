import { endpoints } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { showDone } from '../../shell/show-done.ts';
import classes from './attention-causes.module.css';

type Cause = Answer<typeof endpoints.runCounts>['causes'][number];
const shownAtFirst = 3;

/** Runs that stopped, by why: one repair for all that stopped for the same reason. */
export function AttentionCauses({ causes, chosen }: { causes: readonly Cause[]; chosen: string | undefined }) {
  const { t } = useTranslation('runs');
  const [showsAll, setShowsAll] = useState(false);
  if (causes.length === 0) return null;
  const shown = showsAll ? causes : causes.slice(0, shownAtFirst);
  return (
    <section className={classes.causes} aria-label={t('causes.label')}>
      {shown.map((cause) => (
        <CauseRow key={cause.key} cause={cause} isChosen={chosen === cause.key} />
      ))}
      {causes.length > shown.length ? (
        <Button variant="subtle" color="neutral" size="xs" onClick={() => setShowsAll(true)}>
          {t('causes.more', { count: causes.length - shown.length })}
        </Button>
      ) : null}
    </section>
  );
}

function CauseRow({ cause, isChosen }: { cause: Cause; isChosen: boolean }) {
  const { t } = useTranslation('runs');
  const { t: tProblem } = useTranslation('problems');
  const navigate = useNavigate();
  const mayOverride = useMay('runs.override');
  const confirm = useConfirm();
  const repair = useAct(endpoints.overrideMany, {
    refreshes: [endpoints.listRuns, endpoints.runCounts],
    onDone: ({ count }, { body }) => showDone(t(body.action === 'retry' ? 'causes.retried' : 'causes.ended', { count })),
  });
  const { count, flow, nodeName, key } = cause;
  const askEnd = () =>
    confirm({
      title: t('causes.endTitle', { count }),
      effect: t('causes.endEffect'),
      confirm: t('causes.end', { count }),
      keep: t('causes.keep', { count }),
      onConfirm: () => repair.mutate({ body: { cause: key, action: 'end' } }),
    });
  return (
    <article className={classes.cause} data-chosen={isChosen || undefined}>
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
      <p className={classes.words}>
        <strong>
          {nodeName ? t('causes.at', { count, flow: flow.name, step: nodeName }) : t('causes.of', { count, flow: flow.name })}
        </strong>
        <span>{titleOfProblem(tProblem, cause)}</span>
      </p>
      <div className={classes.acts}>
        <Button
          size="xs"
          variant="default"
          onClick={() => void navigate({ to: '/runs', search: isChosen ? {} : { status: 'attention', cause: key } })}
        >
          {t(isChosen ? 'causes.all' : 'causes.see')}
        </Button>
        {mayOverride ? (
          <>
            <Button size="xs" onClick={() => repair.mutate({ body: { cause: key, action: 'retry' } })} loading={repair.isPending}>
              {t('causes.retry', { count })}
            </Button>
            <Button size="xs" variant="subtle" color="neutral" onClick={askEnd}>
              {t('causes.end', { count })}
            </Button>
          </>
        ) : null}
      </div>
    </article>
  );
}
