import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface RowActsProps {
  /** With what they are about, for those who hear them. */
  labels: { edit: string; remove: string };
  onEdit: () => void;
  onRemove: () => void;
}

/** What can be done with one row. */
export function RowActs({ labels, onEdit, onRemove }: RowActsProps) {
  const { t } = useTranslation('common');
  return (
    <>
      <Tooltip label={t('action.edit')}>
        <ActionIcon onClick={onEdit} aria-label={labels.edit}>
          <IconPencil size={17} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('action.remove')}>
        <ActionIcon onClick={onRemove} aria-label={labels.remove}>
          <IconTrash size={17} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
