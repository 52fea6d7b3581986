import { endpoints, type Service } from '@holdfast/contracts';
import { Menu } from '@mantine/core';
import { IconApi, IconFileTypeXml, IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAct, useMay, useRead } from '../../client/index.ts';
import { RowMenu } from '../../parts/row-menu.tsx';
import { RowTitle } from '../../parts/row-title.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import connections from '../connections/connections-page.module.css';
import { UsedBy } from '../connections/used-by.tsx';
import classes from './services-page.module.css';

interface Props {
  service: Service;
  onEdit: () => void;
  onReplace: () => void;
}

export function ServiceRow({ service, onEdit, onReplace }: Props) {
  const { t } = useTranslation('services');
  const mayManage = useMay('credentials.manage');
  const Glyph = service.kind === 'wsdl' ? IconFileTypeXml : IconApi;
  return (
    <article className={rows.row}>
      <div className={connections.name}>
        <Glyph size={20} stroke={1.5} aria-hidden />
        <div className={rows.main}>
          <RowTitle name={service.name} onOpen={mayManage ? onEdit : null} />
          <div className={rows.sub}>
            {[service.version, t('operations', { count: service.operations.length })].filter((part) => part !== '').join(' · ')}
          </div>
        </div>
      </div>
      <Target service={service} />
      <UsedBy flows={service.usedBy} />
      <div className={`${rows.end} ${rows.above}`}>
        {mayManage ? <Acts service={service} onEdit={onEdit} onReplace={onReplace} /> : null}
      </div>
    </article>
  );
}

/** Where new steps call it, and as whom. */
function Target({ service: { serverUrl, credential } }: { service: Service }) {
  const { t } = useTranslation('services');
  const mayRead = useMay('credentials.read');
  const credentials = useRead(endpoints.listCredentials, {}, { enabled: mayRead && credential !== null });
  const name = credentials.data?.items.find(({ id }) => id === credential)?.name;
  return (
    <div className={classes.place}>
      <div className={serverUrl === null ? classes.missing : 'data'} title={serverUrl ?? undefined}>
        {serverUrl ?? t(credential === null ? 'noServer' : 'serverOfCredential')}
      </div>
      <div>{credential === null ? t('noCredential') : (name ?? '')}</div>
    </div>
  );
}

function Acts({ service, onEdit, onReplace }: Props) {
  const { t } = useTranslation(['services', 'common']);
  const confirm = useConfirm();
  const remove = useAct(endpoints.deleteService, { refreshes: [endpoints.listServices] });
  const askRemove = () =>
    confirm({
      title: t('remove.title', { name: service.name }),
      effect: t('remove.effect'),
      confirm: t('remove.confirm'),
      keep: t('common:action.keep'),
      onConfirm: () => remove.mutate({ params: { id: service.id } }),
    });
  const isUsed = service.usedBy.length > 0;
  return (
    <RowMenu name={service.name}>
      <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={onEdit}>
        {t('common:action.edit')}
      </Menu.Item>
      <Menu.Item leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={onReplace}>
        {t('replace.open')}
      </Menu.Item>
      <Menu.Item color="bad" disabled={isUsed} leftSection={<IconTrash size={16} stroke={1.5} />} onClick={askRemove}>
        {t(isUsed ? 'remove.inUse' : 'common:action.remove')}
      </Menu.Item>
    </RowMenu>
  );
}
