import { endpoints, type AttentionCause, type RunDetail } from '@holdfast/contracts';
import { Button, Group } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { CredentialDrawer } from '../connections/credential-drawer.tsx';
import { VariableForm } from '../variables/variable-form.tsx';
import { variablesIn } from './repair-choice.ts';
import classes from './repair.module.css';

/** First mend what caused it: the connection, or a variable that the step reads. */
export function MendCause({ cause, run }: { cause: AttentionCause; run: RunDetail }) {
  const { t } = useTranslation('repairs');
  const mayConnect = useMay('credentials.manage');
  const mayVariables = useMay('variables.manage');
  const config = run.file.nodes.find((node) => node.id === run.cause?.node)?.config;
  const names = variablesIn(config);
  if (!cause.credential && names.length === 0) return null;
  return (
    <section className={classes.part}>
      <h3>{t('mend.title')}</h3>
      <p>{t(mayConnect || mayVariables ? 'mend.text' : 'mend.ask', { name: cause.credential?.name ?? names.join(', ') })}</p>
      <Group gap="xs">
        {cause.credential && mayConnect ? <MendConnection id={cause.credential.id} name={cause.credential.name} /> : null}
        {mayVariables ? names.map((name) => <MendVariable key={name} name={name} />) : null}
      </Group>
    </section>
  );
}

function MendConnection({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('repairs');
  const credentials = useRead(endpoints.listCredentials, {});
  const [isOpen, setOpen] = useState(false);
  const credential = credentials.data?.items.find((each) => each.id === id) ?? null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        disabled={!credential}
        leftSection={<IconPencil size={14} stroke={1.5} />}
        onClick={() => setOpen(true)}
      >
        {t('mend.connection', { name })}
      </Button>
      <CredentialDrawer
        edited={isOpen ? credential : null}
        redirectUri={credentials.data?.redirectUri ?? ''}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

function MendVariable({ name }: { name: string }) {
  const { t } = useTranslation('repairs');
  const variables = useRead(endpoints.listVariables, {});
  const [isOpen, setOpen] = useState(false);
  const variable = variables.data?.items.find((each) => each.name === name) ?? null;
  if (!variable) return null;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconPencil size={14} stroke={1.5} />} onClick={() => setOpen(true)}>
        {t('mend.variable', { name })}
      </Button>
      <VariableForm edited={isOpen ? variable : null} onClose={() => setOpen(false)} />
    </>
  );
}
