import { Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormEnd } from '../../parts/form-end.tsx';

interface NameFlowProps {
  isOpen: boolean;
  isMaking: boolean;
  onClose: () => void;
  onName: (name: string) => void;
}

/** Asks what the new flow is for. */
export function NameFlow({ isOpen, isMaking, onClose, onName }: NameFlowProps) {
  const { t } = useTranslation(['flows', 'common']);
  const [name, setName] = useState('');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('name.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onName(name.trim());
        }}
      >
        <Stack gap="lg">
          <TextInput
            data-autofocus
            label={t('name.label')}
            description={t('name.hint')}
            placeholder={t('name.example')}
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <FormEnd submit={t('name.submit')} onCancel={onClose} isPending={isMaking} isDisabled={name.trim() === ''} />
        </Stack>
      </form>
    </Modal>
  );
}
