import { endpoints, type Agent } from '@holdfast/contracts';
import { Menu } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconCheck, IconKey, IconPencil, IconProgress, IconTrash, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { RowMenu } from '../../parts/row-menu.tsx';
import { RowTitle } from '../../parts/row-title.tsx';
import rows from '../../parts/rows.module.css';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import type { Tone } from '../../theme/theme.ts';
import classes from './agents-page.module.css';
import { hostsItRefuses } from './hosts-it-refuses.ts';

interface Props {
  agent: Agent;
  onEdit: () => void;
  onToken: (token: string) => void;
}

export function AgentRow({ agent, onEdit, onToken }: Props) {
  const { t } = useTranslation('ways');
  const maySet = useMay('settings.manage');
  const refused = hostsItRefuses(agent);
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <RowTitle name={agent.name} onOpen={maySet ? onEdit : null} />
        <div className={`${rows.sub} data`}>{agent.tokenStart}…</div>
      </div>
      <Standing agent={agent} />
      <div className={classes.hosts} title={agent.allowedHosts.join(', ')}>
        <div className="data">{agent.allowedHosts.join(', ')}</div>
        {refused.length === 0 ? null : <p className={classes.missing}>{t('noHost', { hosts: refused.join(', ') })}</p>}
      </div>
      <div className={rows.quiet}>
        {agent.usedBy.length === 0 ? t('unused') : `${t('usedBy')} ${agent.usedBy.map(({ name }) => name).join(', ')}`}
      </div>
      <div className={`${rows.end} ${rows.above}`}>{maySet ? <Acts agent={agent} onEdit={onEdit} onToken={onToken} /> : null}</div>
    </article>
  );
}

const looks: Record<'heard' | 'silent' | 'never' | 'revoked', { tone: Tone; icon: Icon }> = {
  heard: { tone: 'ok', icon: IconCheck },
  silent: { tone: 'bad', icon: IconAlertTriangle },
  never: { tone: 'neutral', icon: IconProgress },
  revoked: { tone: 'warn', icon: IconBan },
};

function Standing({ agent: { isRevoked, isHeard, seenAt, instances } }: { agent: Agent }) {
  const { t } = useTranslation('ways');
  const standing = isRevoked ? 'revoked' : isHeard ? 'heard' : seenAt === null ? 'never' : 'silent';
  const heard = instances.filter((each) => each.isHeard);
  return (
    <div>
      <StatusBadge {...looks[standing]}>{t(`state.${standing}`)}</StatusBadge>
      {seenAt !== null ? (
        <div className={classes.place}>
          {t('since')} <Age at={seenAt} />
        </div>
      ) : null}
      {heard.map(({ machine, version, running }, index) => (
        <div key={`${machine}.${index}`} className={classes.place}>
          {machine} · {version}
          {running > 0 ? ` · ${t('running', { count: running })}` : ''}
        </div>
      ))}
    </div>
  );
}

function Acts({ agent, onEdit, onToken }: Props) {
  const { t } = useTranslation(['ways', 'common']);
  const confirm = useConfirm();
  const params = { id: agent.id };
  const refreshes = [endpoints.listAgents];
  const renew = useAct(endpoints.renewAgentToken, { refreshes, onDone: ({ token }) => onToken(token) });
  const revoke = useAct(endpoints.revokeAgent, { refreshes });
  const remove = useAct(endpoints.deleteAgent, { refreshes });
  const ask = (what: { title: string; effect: string; confirm: string }, onConfirm: () => void) =>
    confirm({ ...what, keep: t('common:action.keep'), onConfirm });
  const { name } = agent;
  const askFor = {
    renew: () =>
      ask({ title: t('token.renewTitle', { name }), effect: t('token.renewEffect'), confirm: t('token.renewConfirm') }, () =>
        renew.mutate({ params }),
      ),
    revoke: () =>
      ask({ title: t('token.revokeTitle', { name }), effect: t('token.revokeEffect'), confirm: t('token.revokeConfirm') }, () =>
        revoke.mutate({ params }),
      ),
    remove: () =>
      ask({ title: t('remove.title', { name }), effect: t('remove.effect'), confirm: t('remove.confirm') }, () =>
        remove.mutate({ params }),
      ),
  };
  return (
    <RowMenu name={name}>
      <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={onEdit}>
        {t('common:action.edit')}
      </Menu.Item>
      <Menu.Item leftSection={<IconKey size={16} stroke={1.5} />} onClick={askFor.renew}>
        {t('token.renew')}
      </Menu.Item>
      {agent.isRevoked ? null : (
        <Menu.Item leftSection={<IconBan size={16} stroke={1.5} />} onClick={askFor.revoke}>
          {t('token.revoke')}
        </Menu.Item>
      )}
      {agent.usedBy.length > 0 ? null : (
        <Menu.Item color="bad" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={askFor.remove}>
          {t('common:action.remove')}
        </Menu.Item>
      )}
    </RowMenu>
  );
}
