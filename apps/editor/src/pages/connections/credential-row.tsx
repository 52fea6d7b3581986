import { endpoints, type Credential } from '@holdfast/contracts';
import { Button, Menu, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconEar, IconEye, IconEyeOff, IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { RowMenu } from '../../parts/row-menu.tsx';
import { RowTitle } from '../../parts/row-title.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { useSaid } from '../../parts/use-said.ts';
import { ConnectionHook, tells } from './connection-hook.tsx';
import { ConnectionHealth } from './connection-health.tsx';
import classes from './connections-page.module.css';
import { credentialIcons } from './credential-fields.ts';
import { UsedBy } from './used-by.tsx';

export function CredentialRow({ credential, onEdit }: { credential: Credential; onEdit: () => void }) {
  const { t } = useTranslation('connections');
  const mayManage = useMay('credentials.manage');
  const Glyph = credentialIcons[credential.kind];
  return (
    <article className={rows.row}>
      <div className={classes.name}>
        <Glyph size={20} stroke={1.5} aria-hidden />
        <div className={rows.main}>
          <RowTitle name={credential.name} onOpen={mayManage ? onEdit : null} />
          <div className={rows.sub}>
            {t(`kind.${credential.kind}.name`)}
            {credential.account === '' ? '' : ` · ${credential.account}`}
            <WayOf via={credential.via} />
          </div>
          <ConnectionHealth credential={credential} />
        </div>
      </div>
      <div className={`${classes.hosts} data`} title={placeOf(credential)}>
        {placeOf(credential)}
      </div>
      <UsedBy flows={credential.usedBy} />
      <div className={`${rows.end} ${rows.above}`}>{mayManage ? <Acts credential={credential} onEdit={onEdit} /> : null}</div>
    </article>
  );
}

/** Where its calls go. */
function placeOf({ kind, baseUrl, settings, allowedHosts }: Credential): string {
  const { host, port, database, bucket } = settings;
  if (kind === 'postgresql' || kind === 'oracle') return `${host ?? ''}${port === undefined ? '' : `:${port}`}/${database ?? ''}`;
  if (kind === 's3') return [baseUrl, bucket].filter((part) => part !== null).join(' · ');
  return baseUrl ?? allowedHosts.join(', ');
}

function Acts({ credential, onEdit }: { credential: Credential; onEdit: () => void }) {
  const { t } = useTranslation(['connections', 'common', 'health', 'triggers']);
  const said = useSaid();
  const [isTelling, setIsTelling] = useState(false);
  const confirm = useConfirm();
  const params = { id: credential.id };
  const connect = useAct(endpoints.connectCredential, { onDone: ({ url }) => window.location.assign(url) });
  const remove = useAct(endpoints.deleteCredential, { refreshes: [endpoints.listCredentials] });
  const test = useAct(endpoints.testCredential, {
    refreshes: [endpoints.listCredentials],
    onDone: ({ ok, detail }) =>
      notifications.show({
        color: ok ? 'ok' : 'warn',
        title: t(ok ? 'test.good' : 'test.bad', { name: credential.name }),
        message: said(detail),
        autoClose: ok ? 5_000 : 12_000,
      }),
  });
  const watch = useAct(endpoints.watchCredential, { refreshes: [endpoints.listCredentials] });
  const askRemove = () =>
    confirm({
      title: t('remove.title', { name: credential.name }),
      effect: t('remove.effect', { count: credential.usedBy.length }),
      confirm: t('remove.confirm'),
      keep: t('common:action.keep'),
      onConfirm: () => remove.mutate({ params }),
    });
  return (
    <>
      {credential.needsConsent && credential.state !== 'ready' ? (
        <Button size="xs" onClick={() => connect.mutate({ params })} loading={connect.isPending}>
          {t(credential.state === 'attention' ? 'connectAgain' : 'connect')}
        </Button>
      ) : !credential.health.canBeWatched ? null : (
        <Button size="xs" variant="default" onClick={() => test.mutate({ params })} loading={test.isPending}>
          {t('common:action.test')}
        </Button>
      )}
      <RowMenu name={credential.name}>
        {credential.needsConsent && credential.state === 'ready' ? (
          <Menu.Item leftSection={<IconPlugConnected size={16} stroke={1.5} />} onClick={() => connect.mutate({ params })}>
            {t('connectAgain')}
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={onEdit}>
          {t('common:action.edit')}
        </Menu.Item>
        {tells(credential) ? (
          <Menu.Item leftSection={<IconEar size={16} stroke={1.5} />} onClick={() => setIsTelling(true)}>
            {t('triggers:menu')}
          </Menu.Item>
        ) : null}
        {credential.health.canBeWatched ? (
          <Menu.Item
            leftSection={credential.health.isWatched ? <IconEyeOff size={16} stroke={1.5} /> : <IconEye size={16} stroke={1.5} />}
            onClick={() => watch.mutate({ params, body: { isWatched: !credential.health.isWatched } })}
          >
            {t(credential.health.isWatched ? 'health:unwatch' : 'health:watch')}
          </Menu.Item>
        ) : null}
        <Menu.Item color="bad" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={askRemove}>
          {t('common:action.remove')}
        </Menu.Item>
      </RowMenu>
      <Modal opened={isTelling} onClose={() => setIsTelling(false)} title={t('triggers:title', { name: credential.name })} size="lg">
        {isTelling ? <ConnectionHook credential={credential} /> : null}
      </Modal>
    </>
  );
}

/** Nothing to say of those that go straight. */
function WayOf({ via }: { via: Credential['via'] }) {
  const { t } = useTranslation('ways');
  if (via === null) return null;
  return <> · {via.kind === 'agent' ? t('way.rowAgent') : t('way.rowProxy', { host: new URL(via.url).host })}</>;
}
