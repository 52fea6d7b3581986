import type { SimulatorFault } from '@holdfast/contracts';
import { IconBolt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import css from './step-node.module.css';

/** The step's calls fail because somebody chose so in the simulator. */
export function FaultChip({ fault }: { fault: SimulatorFault }) {
  const { t } = useTranslation('simulator');
  return (
    <div className={css.fault} title={t('faults.chipHint')} data-testid="fault-chip">
      <IconBolt size={13} stroke={2} aria-hidden />
      {t('faults.chip', { fault: t(`faults.kind.${fault}`) })}
    </div>
  );
}
