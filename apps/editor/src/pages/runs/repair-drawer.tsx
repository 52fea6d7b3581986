import { endpoints, type AttentionCause } from '@holdfast/contracts';
import { Drawer, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { ProblemWords } from '../../parts/problem-words.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { MendCause } from './mend-cause.tsx';
import { RepairForm } from './repair-form.tsx';
import { RepairProgress } from './repair-progress.tsx';
import classes from './repair.module.css';

/** Which group or repair is open. */
export type OpenRepair = { cause: AttentionCause } | { repair: string };

/** Mend what stopped runs, see what would be done, then do it: one first, or all. */
export function RepairDrawer({ open, onClose }: { open: OpenRepair; onClose: () => void }) {
  const { t } = useTranslation('repairs');
  const [begun, setBegun] = useState<string | null>(null);
  const close = () => {
    setBegun(null);
    onClose();
  };
  const shown = begun ?? ('repair' in open ? open.repair : null);
  return (
    <Drawer opened onClose={close} position="right" size={560} title={t(shown === null ? 'title' : 'progress')}>
      {shown !== null ? (
        <Begun id={shown} />
      ) : 'cause' in open ? (
        <Stack gap="lg">
          <About cause={open.cause} />
          <Choose cause={open.cause} onBegun={setBegun} />
        </Stack>
      ) : null}
    </Drawer>
  );
}

function About({ cause }: { cause: AttentionCause }) {
  const { t } = useTranslation('repairs');
  const { t: tProblem } = useTranslation('problems');
  return (
    <section className={classes.about}>
      <strong>{titleOfProblem(tProblem, cause)}</strong>
      <ProblemWords problem={{ ...cause, hint: cause.hint ?? undefined }} />
      <p className={classes.when}>
        {t('count', { count: cause.count })} {t('first')} <Age at={cause.firstAt} />, {t('last')} <Age at={cause.lastAt} />.
      </p>
    </section>
  );
}

function Choose({ cause, onBegun }: { cause: AttentionCause; onBegun: (id: string) => void }) {
  const example = useRead(endpoints.getRun, { params: { id: cause.example } });
  return (
    <QueryView query={example}>
      {(run) => (
        <Stack gap="lg">
          <MendCause cause={cause} run={run} />
          <RepairForm cause={cause} run={run} onBegun={onBegun} />
        </Stack>
      )}
    </QueryView>
  );
}

function Begun({ id }: { id: string }) {
  const repair = useRead(endpoints.getRepair, { params: { id } }, { refetchInterval: 2_000 });
  return <QueryView query={repair}>{(found) => <RepairProgress repair={found} runs={found.runs} />}</QueryView>;
}
