import { endpoints, type Service } from '@holdfast/contracts';
import { Drawer, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, refresh, upload } from '../../client/index.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { contentOf, DocumentInput, isGiven, noDocument, type GivenDocument } from './document-input.tsx';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onDone: (service: Service) => void;
}

/** Reads a document; where it is called and with which credential comes next. */
export function ImportDrawer({ isOpen, onClose, onDone }: Props) {
  const { t } = useTranslation('services');
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size={460} title={t('import.open')}>
      {isOpen ? <ImportForm onClose={onClose} onDone={onDone} /> : null}
    </Drawer>
  );
}

const read = (given: GivenDocument): Promise<Service> =>
  given.way === 'address'
    ? call(endpoints.fetchService, { body: { url: given.url.trim() } })
    : upload(endpoints.importService, contentOf(given), {});

function ImportForm({ onClose, onDone }: Omit<Props, 'isOpen'>) {
  const { t } = useTranslation(['services', 'common']);
  const client = useQueryClient();
  const [given, setGiven] = useState(noDocument);
  const importing = useMutation({
    mutationFn: read,
    onSuccess: async (service) => {
      refresh(client, [endpoints.listServices]);
      await client.refetchQueries({ queryKey: [endpoints.listServices.path] });
      onDone(service);
    },
    meta: { isQuiet: true },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isGiven(given)) importing.mutate(given);
      }}
    >
      <Stack gap="md">
        {importing.error ? <ProblemAlert error={importing.error} /> : null}
        <DocumentInput given={given} onChange={setGiven} />
        <FormEnd submit={t('import.read')} onCancel={onClose} isPending={importing.isPending} isDisabled={!isGiven(given)} />
      </Stack>
    </form>
  );
}
