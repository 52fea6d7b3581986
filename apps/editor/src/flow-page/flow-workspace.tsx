import type { FlowDetail } from '@holdfast/contracts';
import { ActionIcon, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { Palette } from '../canvas/palette.tsx';
import { useDocument, useSession, useWorkbench } from '../document/workbench.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { Simulator } from '../simulator/simulator.tsx';
import { FlowSettingsPanel } from './flow-settings-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { StartChoice } from './start-choice.tsx';
import css from './flow-page.module.css';

/** Palette, drawing, settings and simulator side by side; on narrow windows the sides float over the drawing. */
export function FlowWorkspace({ detail }: { detail: FlowDetail }) {
  const isNarrow = useMediaQuery('(max-width: 1180px)', false, { getInitialValueInEffect: false });
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const isPaletteOpen = useSession((state) => state.isPaletteOpen);
  const isSimulatorOpen = useSession((state) => state.isSimulatorOpen);
  const panel = useSession((state) => state.panel);
  return (
    <div className={css.page}>
      {isReadOnly ? null : isPaletteOpen ? (
        <div className={css.side} data-side="left" data-over={isNarrow}>
          <Palette />
        </div>
      ) : null}
      <div className={css.column}>
        <FlowCanvas>
          <StartChoice />
        </FlowCanvas>
        <PanelButtons isNarrow={isNarrow} />
        {panel === 'problems' ? <ProblemsPanel /> : null}
      </div>
      <SettingsSide isNarrow={isNarrow} detail={detail} />
      {isSimulatorOpen ? (
        <div className={css.side} data-side="right" data-over={isNarrow}>
          <Simulator detail={detail} />
        </div>
      ) : null}
    </div>
  );
}

/** The settings of the selected step, or of the flow when nothing is selected. */
function SettingsSide({ isNarrow, detail }: { isNarrow: boolean; detail: FlowDetail }) {
  const isOpen = useSession((state) => state.isInspectorOpen);
  const isSimulatorOpen = useSession((state) => state.isSimulatorOpen);
  const selected = useSession((state) => (state.selected.length === 1 ? state.selected[0] : undefined));
  const count = useSession((state) => state.selected.length);
  const node = useDocument((state) =>
    selected === undefined ? undefined : state.file.nodes.find((candidate) => candidate.id === selected),
  );
  // Beside the simulator the flow's own settings would only take room; a selected step is asked for.
  const isShown = node ? true : isOpen && count === 0 && !isSimulatorOpen;
  if (!isShown || (isNarrow && isSimulatorOpen)) return null;
  return (
    <div className={css.side} data-side="right" data-over={isNarrow}>
      {node ? <Inspector node={node} /> : <FlowSettingsPanel detail={detail} />}
    </div>
  );
}

function PanelButtons({ isNarrow }: { isNarrow: boolean }) {
  const { t } = useTranslation('flow');
  const { session } = useWorkbench();
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const isPaletteOpen = useSession((state) => state.isPaletteOpen);
  const isInspectorOpen = useSession((state) => state.isInspectorOpen);
  const set = session.getState().set;
  return (
    <>
      {isReadOnly || (isPaletteOpen && isNarrow) ? null : isPaletteOpen ? null : (
        <Tooltip label={t('panels.palette')}>
          <ActionIcon
            className={css.reopen ?? ''}
            data-side="left"
            variant="default"
            size={34}
            aria-label={t('panels.palette')}
            onClick={() => set({ isPaletteOpen: true, ...(isNarrow ? { isInspectorOpen: false } : {}) })}
          >
            <IconPlus size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      )}
      {isInspectorOpen ? null : (
        <Tooltip label={t('panels.settings')}>
          <ActionIcon
            className={css.reopen ?? ''}
            data-side="right"
            variant="default"
            size={34}
            aria-label={t('panels.settings')}
            onClick={() => set({ isInspectorOpen: true, ...(isNarrow ? { isPaletteOpen: false } : {}) })}
          >
            <IconAdjustmentsHorizontal size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  );
}
