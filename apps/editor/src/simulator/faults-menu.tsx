import { endpoints, type FlowDetail, type SimulatorFault } from '@holdfast/contracts';
import { callsService } from '@holdfast/node-kit';
import { ActionIcon, Popover, Select, Text } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useMay, useRead } from '../client/index.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { faultKinds } from './fault-kinds.ts';
import css from './simulator.module.css';

/** Lets the calls of a step fail for this customer of the simulator, so that staff see what their flow does then. */
export function FaultsMenu({ detail, contact }: { detail: FlowDetail; contact: string }) {
  const { t } = useTranslation('simulator');
  const { catalog, marks } = useWorkbench();
  const mayUse = useMay('simulator.use');
  const input = { params: { id: detail.id }, query: { contact } };
  const read = useRead(endpoints.getFaults, input, { enabled: mayUse, staleTime: 30_000 });
  const set = useAct(endpoints.setFault, { refreshes: [endpoints.getFaults], isQuiet: true });
  const flow = useRead(endpoints.getFlow, { params: { id: detail.id } }, { staleTime: 10_000 });
  const steps = (flow.data?.published?.nodes ?? []).filter(({ type }) => catalog[type] && callsService(catalog[type]));
  const faults = read.data?.faults;
  useEffect(() => {
    marks.setState({ faults: new Map(Object.entries(faults ?? {})) });
  }, [faults, marks]);
  useEffect(() => () => marks.setState({ faults: new Map() }), [marks]);
  if (!mayUse || steps.length === 0) return null;
  const count = steps.filter(({ id }) => faults?.[id] !== undefined).length;
  const choose = (node: string, fault: SimulatorFault | null) => set.mutate({ params: { id: detail.id }, body: { contact, node, fault } });
  return (
    <Popover position="bottom-end" width={300} withinPortal shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon
          size={28}
          variant="subtle"
          color={count > 0 ? 'warn' : 'gray'}
          aria-label={count > 0 ? t('faults.some', { count }) : t('faults.title')}
          title={count > 0 ? t('faults.some', { count }) : t('faults.title')}
        >
          <IconBolt size={17} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={css.faults} data-testid="faults">
          <strong>{t('faults.title')}</strong>
          <Text fz={12.5} c="dimmed">
            {t('faults.about', { name: contact })}
          </Text>
          {read.error || set.error ? <ProblemAlert error={read.error ?? set.error} /> : null}
          {steps.map((node) => (
            <Select
              key={node.id}
              size="xs"
              label={node.name}
              comboboxProps={{ withinPortal: false }}
              allowDeselect={false}
              value={faults?.[node.id] ?? 'none'}
              data={['none' as const, ...faultKinds].map((kind) => ({ value: kind, label: t(`faults.kind.${kind}`) }))}
              onChange={(chosen) => choose(node.id, faultKinds.find((kind) => kind === chosen) ?? null)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
