import { endpoints, type Service, type ServiceChanges } from '@holdfast/contracts';
import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, refresh, upload } from '../../client/index.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { contentOf, DocumentInput, isGiven, noDocument, type GivenDocument } from './document-input.tsx';
import classes from './services-page.module.css';

/** A newer document in place of the old one: first what it would change. */
export function ReplaceDrawer({ service, onClose }: { service: Service | null; onClose: () => void }) {
  const { t } = useTranslation('services');
  return (
    <Drawer
      opened={service !== null}
      onClose={onClose}
      position="right"
      size={460}
      title={t('replace.title', { name: service?.name ?? '' })}
    >
      {service === null ? null : <ReplaceForm key={service.id} service={service} onClose={onClose} />}
    </Drawer>
  );
}

/** The address where it was fetched is asked again; another one is read here first, as any text. */
function compare({ id }: Service, given: GivenDocument, apply: boolean): Promise<ServiceChanges> {
  if (given.way === 'address') return call(endpoints.refetchService, { params: { id }, body: { apply, url: given.url.trim() } });
  return upload(endpoints.replaceService, contentOf(given), { params: { id }, query: { apply: apply ? 'true' : 'false' } });
}

function ReplaceForm({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation(['services', 'common']);
  const client = useQueryClient();
  const [given, setGiven] = useState<GivenDocument>({
    ...noDocument,
    url: service.sourceUrl ?? '',
    way: service.sourceUrl === null ? 'file' : 'address',
  });
  const looking = useMutation({ mutationFn: () => compare(service, given, false), meta: { isQuiet: true } });
  const applying = useMutation({
    mutationFn: () => compare(service, given, true),
    onSuccess: () => {
      refresh(client, [endpoints.listServices, endpoints.getOperation]);
      onClose();
    },
    meta: { isQuiet: true },
  });
  const change = (next: GivenDocument) => {
    looking.reset();
    setGiven(next);
  };
  const changes = looking.data;
  const error = looking.error ?? applying.error;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('replace.means')}
      </Text>
      {error ? <ProblemAlert error={error} /> : null}
      <DocumentInput given={given} onChange={change} />
      {changes ? <Changes changes={changes} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        {changes && !changes.isSame ? (
          <Button onClick={() => applying.mutate()} loading={applying.isPending}>
            {t('replace.apply')}
          </Button>
        ) : (
          <Button onClick={() => looking.mutate()} disabled={!isGiven(given)} loading={looking.isPending}>
            {t('replace.look')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Changes({ changes: { isSame, added, removed, changed } }: { changes: ServiceChanges }) {
  const { t } = useTranslation('services');
  if (isSame) return <Text size="sm">{t('replace.same')}</Text>;
  if (added.length + removed.length + changed.length === 0) return <Text size="sm">{t('replace.onlyWords')}</Text>;
  return (
    <div className={classes.changes}>
      <Names title={t('replace.added', { count: added.length })} names={added} />
      <Names title={t('replace.removed', { count: removed.length })} names={removed} />
      {changed.length === 0 ? null : (
        <div>
          <h3>{t('replace.changed', { count: changed.length })}</h3>
          <ul>
            {changed.map(({ operation, differs }) => (
              <li key={operation}>
                {operation} <code>{differs.join(', ')}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </div>
  );
}
