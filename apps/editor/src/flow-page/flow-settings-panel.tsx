import type { FlowDetail } from '@holdfast/contracts';
import type { FlowSettings } from '@holdfast/graph';
import { formatDuration, parseDuration } from '@holdfast/node-kit';
import { NumberInput, SegmentedControl, Stack, Switch, Text, TextInput, Textarea } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../canvas/zoom-bar.tsx';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import { splitDuration } from '../inspector/widgets/duration-widget.tsx';
import { FlowFacts } from './flow-facts.tsx';
import css from './flow-page.module.css';

/** The flow's own settings, shown while no step is selected. */
export function FlowSettingsPanel({ detail }: { detail: FlowDetail }) {
  const { t } = useTranslation('flow');
  const { session } = useWorkbench();
  const name = useDocument((state) => state.file.name);
  const description = useDocument((state) => state.file.description);
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const apply = useDocument((state) => state.apply);
  return (
    <aside className={css.settings} aria-label={t('settings.title')}>
      <div className={css.bar} style={{ flex: 'none' }}>
        <h2>{t('settings.title')}</h2>
        <span className={css.space} />
        <BarButton Icon={IconX} label={t('settings.close')} onClick={() => session.getState().set({ isInspectorOpen: false })} />
      </div>
      <p>{t('settings.about')}</p>
      <TextInput
        label={t('settings.name')}
        value={name}
        maxLength={120}
        disabled={isReadOnly}
        onChange={(event) =>
          void (event.currentTarget.value !== '' && apply({ edit: 'rename-flow', name: event.currentTarget.value }, 'flow-name'))
        }
      />
      <Textarea
        label={t('settings.description')}
        placeholder={t('settings.descriptionHint')}
        value={description}
        maxLength={2_000}
        autosize
        minRows={2}
        maxRows={8}
        disabled={isReadOnly}
        onChange={(event) => apply({ edit: 'describe-flow', description: event.currentTarget.value }, 'flow-description')}
      />
      <RunSettings />
      <FlowFacts detail={detail} />
    </aside>
  );
}

function RunSettings() {
  const { t } = useTranslation('flow');
  const settings = useDocument((state) => state.file.settings);
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const apply = useDocument((state) => state.apply);
  const change = (next: Partial<FlowSettings>) => apply({ edit: 'settings', settings: { ...settings, ...next } }, 'flow-settings');
  const burst = splitDuration(settings.mergeBurst);
  const seconds = burst ? (burst.unit === 'ms' ? burst.amount / 1_000 : burst.amount) : 1.5;
  return (
    <>
      <NumberInput
        label={t('settings.mergeBurst')}
        description={t('settings.mergeBurstAbout')}
        suffix=" s"
        value={seconds}
        min={0}
        max={10}
        step={0.5}
        decimalScale={1}
        disabled={isReadOnly}
        w="100%"
        onChange={(value) => void (typeof value === 'number' && change({ mergeBurst: `${Math.round(value * 1_000)}ms` }))}
      />
      <NumberInput
        label={t('settings.sessionTimeout')}
        description={t('settings.sessionTimeoutAbout')}
        suffix=" h"
        value={parseDuration(settings.sessionTimeout ?? '0s') / 3_600_000}
        min={0}
        max={720}
        decimalScale={2}
        disabled={isReadOnly}
        w="100%"
        onChange={(value) => void (typeof value === 'number' && change({ sessionTimeout: formatDuration(Math.round(value * 3_600_000)) }))}
      />
      <Switch
        label={t('settings.typing')}
        description={t('settings.typingAbout')}
        checked={settings.typing ?? true}
        disabled={isReadOnly}
        onChange={(event) => change({ typing: event.currentTarget.checked })}
      />
      <Stack gap={4}>
        <Text fz={13} fw={500}>
          {t('settings.onExhausted')}
        </Text>
        <Text fz={12.5} lh="18px" c="dimmed">
          {t('settings.onExhaustedAbout')}
        </Text>
        <SegmentedControl
          size="xs"
          fullWidth
          disabled={isReadOnly}
          value={settings.onExhausted}
          data={[
            { value: 'pause', label: t('settings.pause') },
            { value: 'end', label: t('settings.end') },
          ]}
          onChange={(value) => change({ onExhausted: value === 'end' ? 'end' : 'pause' })}
        />
      </Stack>
      <LaneSetting lane={settings.lane} isReadOnly={isReadOnly} onChange={(lane) => change({ lane })} />
      <NumberInput
        label={t('settings.maxSteps')}
        description={t('settings.maxStepsAbout')}
        value={settings.maxSteps}
        min={1}
        max={10_000}
        disabled={isReadOnly}
        onChange={(value) => void (typeof value === 'number' && value >= 1 && change({ maxSteps: value }))}
      />
    </>
  );
}

const lanes = ['auto', 'express', 'temporal'] as const;

interface LaneSettingProps {
  lane: FlowSettings['lane'];
  isReadOnly: boolean;
  onChange: (lane: FlowSettings['lane']) => void;
}

/** How runs begin, and in a sentence what the choice changes. */
function LaneSetting({ lane, isReadOnly, onChange }: LaneSettingProps) {
  const { t } = useTranslation('flow');
  return (
    <Stack gap={4}>
      <Text fz={13} fw={500}>
        {t('settings.lane')}
      </Text>
      <SegmentedControl
        aria-label={t('settings.lane')}
        size="xs"
        fullWidth
        disabled={isReadOnly}
        value={lane}
        data={lanes.map((value) => ({ value, label: t(`settings.laneName.${value}`) }))}
        onChange={(value) => onChange(lanes.find((each) => each === value) ?? 'auto')}
      />
      <Text fz={12.5} lh="18px" c="dimmed">
        {t(`settings.laneAbout.${lane}`)}
      </Text>
    </Stack>
  );
}
