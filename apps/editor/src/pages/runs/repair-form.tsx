import { endpoints, type AttentionCause, type RunDetail } from '@holdfast/contracts';
import { catalog } from '@holdfast/nodes/catalog';
import { Button, Checkbox, Group, Radio, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { drawnPorts } from '../../canvas/drawable-config.ts';
import { useNodeWords } from '../../canvas/node-words.ts';
import type { Answer } from '../../client/call.ts';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { actOf, firstChoice, valuesOf, type ReadValue, type RepairChoice } from './repair-choice.ts';
import { RepairPreview } from './repair-preview.tsx';
import classes from './repair.module.css';

interface Props {
  cause: AttentionCause;
  run: RunDetail;
  onBegun: (id: string) => void;
}

/** What is done to all of them: chosen, previewed, then begun. */
export function RepairForm({ cause, run, onBegun }: Props) {
  const { t } = useTranslation('repairs');
  const [choice, setChoice] = useState<RepairChoice>(firstChoice);
  const [note, setNote] = useState('');
  const values = valuesOf(run, JSON.stringify(run.file.nodes.find((node) => node.id === run.cause?.node)?.config ?? {}));
  const act = actOf(choice, values);
  const preview = useAct(endpoints.previewRepair, { isQuiet: true });
  const begin = useAct(endpoints.createRepair, {
    isQuiet: true,
    refreshes: [endpoints.listRepairs, endpoints.runCounts, endpoints.listRuns],
    onDone: ({ id }) => onBegun(id),
  });
  const change = (part: Partial<RepairChoice>) => {
    setChoice({ ...choice, ...part });
    preview.reset();
  };
  const start = (tryFirst: boolean) =>
    act && begin.mutate({ body: { cause: cause.key, act, tryFirst, ...(note.trim() === '' ? {} : { note: note.trim() }) } });
  const error = begin.error ?? preview.error;
  return (
    <section className={classes.part}>
      <h3>{t('do.title')}</h3>
      <Stack gap="md">
        <Kinds isOneStep={cause.step !== null} kind={choice.kind} onChoose={(kind) => change({ kind })} />
        {choice.kind === 'edit' ? <EditFields choice={choice} values={values} onChange={change} /> : null}
        {choice.kind === 'skip' ? <SkipFields choice={choice} run={run} onChange={change} /> : null}
        <TextInput label={t('do.note')} maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {preview.data ? <RepairPreview preview={preview.data} kind={choice.kind} /> : null}
        {preview.data && preview.data.ambiguous > 0 && (choice.kind === 'retry' || choice.kind === 'edit') ? (
          <Checkbox
            checked={choice.ambiguous}
            onChange={(event) => change({ ambiguous: event.currentTarget.checked })}
            label={t('do.ambiguous', { count: preview.data.ambiguous })}
            description={t('do.ambiguousMeans')}
          />
        ) : null}
        {error ? <ProblemAlert error={error} /> : null}
        <Acts
          count={preview.data?.count ?? null}
          isReady={act !== null}
          isPending={begin.isPending || preview.isPending}
          isEnd={choice.kind === 'end'}
          onPreview={() => act && preview.mutate({ body: { cause: cause.key, act } })}
          onStart={start}
        />
      </Stack>
    </section>
  );
}

const kinds = ['retry', 'edit', 'skip', 'end'] as const satisfies RepairChoice['kind'][];

function Kinds({
  isOneStep,
  kind,
  onChoose,
}: {
  isOneStep: boolean;
  kind: RepairChoice['kind'];
  onChoose: (kind: RepairChoice['kind']) => void;
}) {
  const { t } = useTranslation('repairs');
  return (
    <Radio.Group aria-label={t('do.title')} value={kind} onChange={(next) => onChoose(kinds.find((each) => each === next) ?? 'retry')}>
      <Stack gap={8}>
        {kinds
          .filter((each) => isOneStep || each === 'retry' || each === 'end')
          .map((each) => (
            <Radio key={each} value={each} label={t(`do.${each}`)} description={t(`do.${each}Means`)} />
          ))}
      </Stack>
    </Radio.Group>
  );
}

interface FieldsProps {
  choice: RepairChoice;
  onChange: (part: Partial<RepairChoice>) => void;
}

const shortText = (value: ReadValue['value']): string => {
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

function EditFields({ choice, values, onChange }: FieldsProps & { values: readonly ReadValue[] }) {
  const { t } = useTranslation('repairs');
  const chosen = values.find(({ field }) => field === choice.field);
  return (
    <>
      <Select
        label={t('edit.field')}
        description={t('edit.fieldHint')}
        searchable
        limit={100}
        value={choice.field || null}
        data={values.map(({ field, value }) => ({ value: field, label: `${field} = ${shortText(value)}` }))}
        onChange={(field) => onChange({ field: field ?? '' })}
        nothingFoundMessage={t('edit.none')}
      />
      <TextInput
        label={t('edit.to')}
        description={t('edit.toHint')}
        disabled={!chosen}
        value={choice.to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
      {chosen ? (
        <Checkbox
          checked={choice.onlySame}
          onChange={(event) => onChange({ onlySame: event.currentTarget.checked })}
          label={t('edit.onlySame', { value: shortText(chosen.value) })}
        />
      ) : null}
    </>
  );
}

function SkipFields({ choice, run, onChange }: FieldsProps & { run: RunDetail }) {
  const { t } = useTranslation('repairs');
  const words = useNodeWords();
  const node = run.file.nodes.find((each) => each.id === run.cause?.node);
  const definition = node && catalog[node.type];
  const ports = node && definition ? Object.entries(drawnPorts(definition, node.config)) : [];
  return (
    <>
      <Select
        label={t('skip.port')}
        value={choice.port || null}
        data={ports.map(([id, port]) => ({ value: id, label: words.port(node?.type ?? '', id, port) }))}
        onChange={(port) => onChange({ port: port ?? '' })}
      />
      <Textarea
        label={t('skip.output')}
        description={t('skip.outputHint')}
        autosize
        minRows={2}
        maxRows={12}
        styles={{ input: { fontFamily: 'var(--font-data)', fontSize: '12.5px' } }}
        value={choice.output}
        onChange={(event) => onChange({ output: event.currentTarget.value })}
      />
    </>
  );
}

export type PreviewAnswer = Answer<typeof endpoints.previewRepair>;

interface ActsProps {
  /** Of the preview; null before there is one. */
  count: number | null;
  isReady: boolean;
  isPending: boolean;
  isEnd: boolean;
  onPreview: () => void;
  onStart: (tryFirst: boolean) => void;
}

/** Nothing is begun that was not previewed. */
function Acts({ count, isReady, isPending, isEnd, onPreview, onStart }: ActsProps) {
  const { t } = useTranslation('repairs');
  return (
    <Group justify="flex-end" gap="xs">
      {count === null || count === 0 ? (
        <Button onClick={onPreview} disabled={!isReady} loading={isPending}>
          {t('act.preview')}
        </Button>
      ) : (
        <>
          <Button
            variant={count > 1 ? 'default' : 'filled'}
            color={isEnd ? 'bad' : 'brand'}
            loading={isPending}
            onClick={() => onStart(false)}
          >
            {t(isEnd ? 'act.endAll' : 'act.all', { count })}
          </Button>
          {count > 1 ? (
            <Button color={isEnd ? 'bad' : 'brand'} loading={isPending} onClick={() => onStart(true)}>
              {t('act.first')}
            </Button>
          ) : null}
        </>
      )}
    </Group>
  );
}
