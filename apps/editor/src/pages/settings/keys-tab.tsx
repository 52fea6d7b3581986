import { endpoints, roles, type Role } from '@holdfast/contracts';
import { ActionIcon, Button, Group, Modal, Select, Stack, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import classes from './settings-page.module.css';
import { ShownOnce } from './shown-once.tsx';

type Key = Answer<typeof endpoints.listKeys>['items'][number];

export function KeysTab() {
  const { t } = useTranslation('settings');
  const keys = useRead(endpoints.listKeys, {});
  const [isAdding, adding] = useDisclosure(false);
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={adding.open}>
      {t('keys.add')}
    </Button>
  );
  return (
    <>
      <div className={classes.toolbar}>
        <p>
          {t('keys.lead')} <a href="/api/docs">{t('keys.docs')}</a>
        </p>
        {keys.data?.items.length ? add : null}
      </div>
      <QueryView query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing="connections" title={t('keys.emptyTitle')} action={add} isCompact>
              {t('keys.emptyText')}
            </EmptyState>
          ) : (
            <div className={`${rows.card} ${classes.keys}`}>
              {items.map((key) => (
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </div>
          )
        }
      </QueryView>
      <AddKey isOpen={isAdding} onClose={adding.close} />
    </>
  );
}

function KeyRow({ apiKey }: { apiKey: Key }) {
  const { t } = useTranslation(['settings', 'common']);
  const confirm = useConfirm();
  const revoke = useAct(endpoints.deleteKey, { refreshes: [endpoints.listKeys] });
  const askRevoke = () =>
    confirm({
      title: t('keys.revokeTitle', { name: apiKey.name }),
      effect: t('keys.revokeEffect'),
      confirm: t('keys.revoke'),
      keep: t('common:action.keep'),
      onConfirm: () => revoke.mutate({ params: { id: apiKey.id } }),
    });
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <h2 className={rows.title}>{apiKey.name}</h2>
        <div className={`${rows.sub} data`}>{apiKey.start}…</div>
      </div>
      <div>{t(`common:role.${apiKey.role}`)}</div>
      <div className={rows.quiet}>
        {t('keys.made')} <Age at={apiKey.createdAt} />
      </div>
      <div className={rows.quiet}>
        {apiKey.lastUsedAt ? (
          <>
            {t('keys.used')} <Age at={apiKey.lastUsedAt} />
          </>
        ) : (
          t('keys.unused')
        )}
      </div>
      <div className={rows.end}>
        <Tooltip label={t('keys.revoke')}>
          <ActionIcon onClick={askRevoke} aria-label={t('keys.revokeNamed', { name: apiKey.name })}>
            <IconTrash size={17} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </div>
    </article>
  );
}

function AddKey({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    onClose();
    setSecret(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t(secret ? 'keys.ready' : 'keys.add')}>
      {secret ? <ShownOnce text={t('keys.use')} secret={secret} onClose={close} /> : <KeyForm onMade={setSecret} />}
    </Modal>
  );
}

interface Values extends Record<string, unknown> {
  name: string;
  role: Exclude<Role, 'owner'>;
}

function KeyForm({ onMade }: { onMade: (secret: string) => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const initial: Values = { name: '', role: 'operator' };
  const form = useEndpointForm(endpoints.createKey, { initial });
  const make = useAct(endpoints.createKey, { refreshes: [endpoints.listKeys], isQuiet: true, onDone: ({ key }) => onMade(key) });
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate({ body: values }))} noValidate>
      <Stack gap="md">
        {make.isError ? <ProblemAlert error={make.error} /> : null}
        <TextInput label={t('keys.name')} description={t('keys.nameHint')} maxLength={60} data-autofocus {...form.getInputProps('name')} />
        <Select
          label={t('keys.role')}
          description={t(`common:roleMeans.${form.values.role}`)}
          data={roles.filter((role) => role !== 'owner').map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
          {...form.getInputProps('role')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending}>
            {t('keys.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
