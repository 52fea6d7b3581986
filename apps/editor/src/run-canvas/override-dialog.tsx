import { endpoints, type OverrideBody, type RunDetail } from '@holdfast/contracts';
import { jsonObject, jsonValue, type JsonValue } from '@holdfast/node-kit';
import { Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { drawnPorts } from '../canvas/drawable-config.ts';
import { useNodeWords } from '../canvas/node-words.ts';
import { useAct } from '../client/index.ts';
import { useSession, useWorkbench } from '../document/workbench.tsx';
import { CodeEditor } from '../inspector/code-editor/code-editor.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { openStep, type OverrideAction } from './override-choices.ts';
import css from './run-page.module.css';

interface Props {
  run: RunDetail;
  action: OverrideAction;
  onClose: () => void;
}

interface Draft {
  node: string;
  port: string;
  json: string;
  note: string;
}

/** Asks for what the act needs, says in words what it will do, and does it. */
export function OverrideDialog({ run, action, onClose }: Props) {
  const { t } = useTranslation('run');
  const selected = useSession((session) => session.selected[0] ?? null);
  const open = openStep(run, selected);
  const outputs = Object.fromEntries(run.steps.filter((step) => step.status === 'done').map((step) => [step.node, step.output]));
  const [draft, setDraft] = useState<Draft>({
    node: action === 'jump' ? (selected ?? '') : (open?.node ?? ''),
    port: '',
    note: '',
    json:
      action === 'edit'
        ? JSON.stringify(selected !== null && selected in outputs ? { [selected]: outputs[selected] } : outputs, null, 2)
        : 'null',
  });
  const act = useAct(endpoints.overrideRun, {
    isQuiet: true,
    refreshes: [endpoints.getRun, endpoints.listRuns, endpoints.runCounts],
    onDone: ({ state, detail }) => {
      notifications.show({ message: detail === '' ? t(`override.state.${state}`) : detail, color: state === 'refused' ? 'warn' : 'ok' });
      onClose();
    },
  });
  const ports = usePorts(run, draft.node);
  const body = buildOverride(action, { ...draft, port: draft.port === '' ? (ports[0]?.value ?? '') : draft.port });
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  const nodeName = run.file.nodes.find((node) => node.id === draft.node)?.name ?? '';
  const portLabel = ports.find((port) => port.value === draft.port)?.label ?? ports[0]?.label ?? '';
  return (
    <Modal opened onClose={onClose} title={t(`override.title.${action}`)} size={action === 'edit' || action === 'skip' ? 'lg' : 'md'}>
      <Stack gap="md">
        {action === 'skip' || action === 'jump' || action === 'retry' ? (
          <Select
            label={t('override.step')}
            searchable
            value={draft.node || null}
            onChange={(node) => change({ node: node ?? '', port: '' })}
            data={run.file.nodes.map((node) => ({ value: node.id, label: node.name }))}
          />
        ) : null}
        {action === 'skip' && ports.length > 0 ? (
          <Select
            label={t('override.port')}
            value={draft.port === '' ? (ports[0]?.value ?? null) : draft.port}
            onChange={(port) => change({ port: port ?? '' })}
            data={ports}
            allowDeselect={false}
          />
        ) : null}
        {action === 'skip' || action === 'edit' ? (
          <div>
            <Text fz={13} fw={500} mb={4}>
              {t(action === 'edit' ? 'override.data' : 'override.output')}
            </Text>
            <CodeEditor
              value={draft.json}
              onChange={(json) => change({ json })}
              label={t(action === 'edit' ? 'override.data' : 'override.output')}
              language="json"
              isTemplate={false}
            />
          </div>
        ) : null}
        <p className={css.effect} data-testid="override-effect">
          {t(`override.effect.${action === 'end' && hasOpenKept(run) ? 'endKept' : action}`, {
            step: nodeName,
            port: portLabel,
            contact: run.contact?.name ?? t('override.nobody'),
          })}
        </p>
        <Textarea
          label={t('override.note')}
          placeholder={t('override.noteHint')}
          value={draft.note}
          maxLength={500}
          autosize
          minRows={1}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        {body === null ? (
          <Text fz={12.5} c="var(--warn)" role="status">
            {t(action === 'skip' || action === 'edit' ? 'override.unreadable' : 'override.chooseStep')}
          </Text>
        ) : null}
        {act.error ? <ProblemAlert error={act.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('override.cancel')}
          </Button>
          <Button
            color={action === 'end' ? 'bad' : 'brand'}
            loading={act.isPending}
            disabled={body === null}
            onClick={() => void (body && act.mutate({ params: { id: run.id }, body }))}
          >
            {t(`override.do.${action}`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function usePorts(run: RunDetail, nodeId: string): { value: string; label: string }[] {
  const { catalog } = useWorkbench();
  const words = useNodeWords();
  const node = run.file.nodes.find((candidate) => candidate.id === nodeId);
  const definition = node && catalog[node.type];
  if (!node || !definition) return [];
  return Object.entries(drawnPorts(definition, node.config)).map(([id, port]) => ({ value: id, label: words.port(node.type, id, port) }));
}

function readJson(text: string): JsonValue | undefined {
  try {
    const parsed = jsonValue.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The request, or null while something is missing or unreadable. */
export function buildOverride(action: OverrideAction, { node, port, json, note }: Draft): OverrideBody | null {
  const noted = note.trim() === '' ? {} : { note: note.trim() };
  switch (action) {
    case 'pause':
    case 'resume':
    case 'end':
      return { action, ...noted };
    case 'retry':
      return { action, ...(node === '' ? {} : { node }), ...noted };
    case 'jump':
      return node === '' ? null : { action, node, ...noted };
    case 'skip': {
      const output = readJson(json);
      return node === '' || port === '' || output === undefined ? null : { action, node, port, output, ...noted };
    }
    case 'edit': {
      const data = jsonObject.safeParse(readJson(json));
      return data.success ? { action, data: data.data, ...noted } : null;
    }
  }
}

/** What a step kept for later is the provider's to take: it goes out whatever becomes of its run. */
const hasOpenKept = ({ keptCalls }: RunDetail): boolean =>
  keptCalls.some(({ state }) => state === 'waiting' || state === 'dispatching' || state === 'stopped');
