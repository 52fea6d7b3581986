import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './form-end.module.css';

interface FormEndProps {
  /** What the button that sends the form says. */
  submit: ReactNode;
  onCancel: () => void;
  isPending: boolean;
  isDisabled?: boolean;
  color?: 'bad';
  /** Stays in sight below a form that may be longer than its drawer. */
  isLong?: boolean;
}

/** The buttons that end a form in a drawer or a dialog: leave it, or send it. */
export function FormEnd({ submit, onCancel, isPending, isDisabled = false, color, isLong = false }: FormEndProps) {
  const { t } = useTranslation('common');
  return (
    <Group justify="flex-end" gap="xs" {...(isLong ? { className: classes.long ?? '' } : {})}>
      <Button variant="default" onClick={onCancel}>
        {t('action.cancel')}
      </Button>
      <Button type="submit" loading={isPending} disabled={isDisabled} {...(color ? { color } : {})}>
        {submit}
      </Button>
    </Group>
  );
}
