import type { AttentionCause } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { Age } from '../../parts/age.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import classes from './attention-causes.module.css';
import { useSaid } from '../../parts/use-said.ts';

const shownAtFirst = 3;

interface Props {
  causes: readonly AttentionCause[];
  chosen: string | undefined;
  onRepair: (cause: AttentionCause) => void;
}

/** Runs that stopped, by why: one repair for all that stopped for the same reason. */
export function AttentionCauses({ causes, chosen, onRepair }: Props) {
  const { t } = useTranslation('runs');
  const [showsAll, setShowsAll] = useState(false);
  if (causes.length === 0) return null;
  const shown = showsAll ? causes : causes.slice(0, shownAtFirst);
  return (
    <section className={classes.causes} aria-label={t('causes.label')}>
      {shown.map((cause) => (
        <CauseRow key={cause.key} cause={cause} isChosen={chosen === cause.key} onRepair={() => onRepair(cause)} />
      ))}
      {causes.length > shown.length ? (
        <Button variant="subtle" color="neutral" size="xs" onClick={() => setShowsAll(true)}>
          {t('causes.more', { count: causes.length - shown.length })}
        </Button>
      ) : null}
    </section>
  );
}

function CauseRow({ cause, isChosen, onRepair }: { cause: AttentionCause; isChosen: boolean; onRepair: () => void }) {
  const { t } = useTranslation('runs');
  const { t: tProblem } = useTranslation('problems');
  const said = useSaid();
  const navigate = useNavigate();
  const mayOverride = useMay('runs.override');
  return (
    <article className={classes.cause} data-chosen={isChosen || undefined}>
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
      <div className={classes.words}>
        <strong>
          <Where cause={cause} />
        </strong>
        <span>
          {titleOfProblem(tProblem, cause)}: {said(cause.detail)}
        </span>
        <span>
          {t('causes.first')} <Age at={cause.firstAt} />, {t('causes.last')} <Age at={cause.lastAt} />
          {cause.step ? ` · ${t('causes.version', { version: cause.step.versionNumber })}` : ''}
        </span>
      </div>
      <div className={classes.acts}>
        <Button
          size="xs"
          variant="default"
          onClick={() => void navigate({ to: '/runs', search: isChosen ? {} : { status: 'attention', cause: cause.key } })}
        >
          {t(isChosen ? 'causes.all' : 'causes.see')}
        </Button>
        {mayOverride ? (
          <Button size="xs" onClick={onRepair}>
            {t('causes.repair')}
          </Button>
        ) : null}
      </div>
    </article>
  );
}

/** The step where they stand; of several, the connection that all of them use. */
function Where({ cause: { count, flows, step, credential } }: { cause: AttentionCause }) {
  const { t } = useTranslation('runs');
  const flow = flows.map(({ name }) => name).join(', ');
  if (step) return t('causes.at', { count, flow, step: step.name });
  return credential ? t('causes.with', { count, connection: credential.name }) : t('causes.of', { count, flow });
}
