import { endpoints, type Service } from '@holdfast/contracts';
import { Alert, Autocomplete, Drawer, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/index.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import classes from './services-page.module.css';
import { useSaid } from '../../parts/use-said.ts';

/** Where a service is called and as whom, and what it can do. */
export function ServiceDrawer({ service, onClose }: { service: Service | null; onClose: () => void }) {
  return (
    <Drawer opened={service !== null} onClose={onClose} position="right" size={460} title={service?.name ?? ''}>
      {service === null ? null : <ServiceForm key={service.id} service={service} onClose={onClose} />}
    </Drawer>
  );
}

function ServiceForm({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation(['services', 'common']);
  const [values, setValues] = useState({ name: service.name, serverUrl: service.serverUrl ?? '', credential: service.credential });
  const change = useAct(endpoints.changeService, {
    refreshes: [endpoints.listServices, endpoints.getOperation],
    isQuiet: true,
    onDone: onClose,
  });
  const save = () =>
    change.mutate({
      params: { id: service.id },
      body: {
        name: values.name.trim(),
        serverUrl: values.serverUrl.trim() === '' ? null : values.serverUrl.trim(),
        credential: values.credential,
      },
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="md">
        {change.error ? <ProblemAlert error={change.error} /> : null}
        {service.notes.length === 0 ? null : <Notes notes={service.notes} />}
        <TextInput
          label={t('settings.name')}
          maxLength={120}
          required
          value={values.name}
          onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
        />
        <Autocomplete
          label={t('settings.server')}
          description={t('settings.serverHint')}
          placeholder="https://api.example.com/v1"
          data={service.servers.map(({ url }) => url)}
          value={values.serverUrl}
          onChange={(serverUrl) => setValues({ ...values, serverUrl })}
        />
        <CredentialChoice service={service} value={values.credential} onChange={(credential) => setValues({ ...values, credential })} />
        <Operations service={service} />
        <FormEnd
          submit={t('common:action.saveChanges')}
          onCancel={onClose}
          isPending={change.isPending}
          isDisabled={values.name.trim() === ''}
          isLong
        />
      </Stack>
    </form>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  const { t } = useTranslation('services');
  const said = useSaid();
  return (
    <Alert color="warn" title={t('notes', { count: notes.length })}>
      <ul className={classes.notes}>
        {notes.map((note) => (
          <li key={note}>{said(note)}</li>
        ))}
      </ul>
    </Alert>
  );
}

interface ChoiceProps {
  service: Service;
  value: string | null;
  onChange: (credential: string | null) => void;
}

/** Those that can do what the document asks for stand first. */
function CredentialChoice({ service: { security }, value, onChange }: ChoiceProps) {
  const { t } = useTranslation(['services', 'connections']);
  const credentials = useRead(endpoints.listCredentials, {});
  const fitting = new Set(security.flatMap(({ kinds }) => kinds));
  const items = (credentials.data?.items ?? []).map(({ id, name, kind }) => ({ value: id, label: name, isFitting: fitting.has(kind) }));
  const groups = [
    { group: t('settings.fitting'), items: items.filter(({ isFitting }) => isFitting) },
    { group: t('settings.others'), items: items.filter(({ isFitting }) => !isFitting) },
  ];
  const asks = security.map(({ name, kinds: [kind] }) => (kind === undefined ? name : `${name} (${kindName(t, kind)})`)).join(', ');
  return (
    <Select
      label={t('settings.credential')}
      description={asks === '' ? t('settings.asksNothing') : t('settings.asks', { asks })}
      placeholder={t('settings.noCredential')}
      data={groups.filter((group) => group.items.length > 0)}
      value={value}
      clearable
      searchable={items.length > 8}
      onChange={onChange}
    />
  );
}

function kindName(t: ReturnType<typeof useTranslation<['services', 'connections']>>['t'], kind: string): string {
  switch (kind) {
    case 'basic':
    case 'bearer':
    case 'header':
    case 'query':
    case 'oauth2':
      return t(`connections:kind.${kind}.name`);
    default:
      return kind;
  }
}

function Operations({ service: { operations } }: { service: Service }) {
  const { t } = useTranslation('services');
  const [search, setSearch] = useState('');
  const wanted = search.toLowerCase();
  const found = operations.filter(({ title, summary, group }) => `${title} ${summary} ${group}`.toLowerCase().includes(wanted));
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        {t('operations', { count: operations.length })}
      </Text>
      {operations.length > 8 ? <SearchField label={t('search')} initial="" onSearch={setSearch} /> : null}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className={classes.operations} role="group" aria-label={t('operations', { count: found.length })} tabIndex={0}>
        {found.slice(0, 200).map(({ id, title, summary, group }) => (
          <div key={id} className={classes.operation}>
            {title}
            {[group, summary].every((part) => part === '') ? null : (
              <small>{[group, summary].filter((part) => part !== '').join(' · ')}</small>
            )}
          </div>
        ))}
        {found.length === 0 ? <div className={classes.operation}>{t('noneFound')}</div> : null}
      </div>
    </Stack>
  );
}
