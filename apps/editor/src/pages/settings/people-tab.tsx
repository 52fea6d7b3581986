import { endpoints, roles, type Role } from '@holdfast/contracts';
import { ActionIcon, Button, Select, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useSession } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { AddPerson } from './add-person.tsx';
import classes from './settings-page.module.css';

type Member = Answer<typeof endpoints.listMembers>['items'][number];
const isRole = (text: string | null): text is Role => roles.some((role) => role === text);

export function PeopleTab() {
  const { t } = useTranslation('settings');
  const members = useRead(endpoints.listMembers, {});
  const [isAdding, adding] = useDisclosure(false);
  return (
    <>
      <div className={classes.toolbar}>
        <p>{t('people.lead')}</p>
        <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={adding.open}>
          {t('people.add')}
        </Button>
      </div>
      <QueryView query={members}>
        {({ items }) => (
          <div className={`${rows.card} ${classes.people}`}>
            {items.map((member) => (
              <MemberRow key={member.id} member={member} />
            ))}
          </div>
        )}
      </QueryView>
      <AddPerson isOpen={isAdding} onClose={adding.close} />
    </>
  );
}

function MemberRow({ member }: { member: Member }) {
  const { t } = useTranslation(['settings', 'common']);
  const session = useSession();
  const confirm = useConfirm();
  const refreshes = [endpoints.listMembers];
  const change = useAct(endpoints.updateMember, { refreshes });
  const remove = useAct(endpoints.deleteMember, { refreshes });
  const isMe = member.userId === session?.user.id;
  // Only owners touch owners; the server says so too.
  const isFixed = isMe || (member.role === 'owner' && session?.role !== 'owner');
  const choices = roles.filter((role) => role !== 'owner' || session?.role === 'owner' || member.role === 'owner');
  const askRemove = () =>
    confirm({
      title: t('people.removeTitle', { name: member.name }),
      effect: t('people.removeEffect'),
      confirm: t('people.removeConfirm', { name: member.name }),
      keep: t('common:action.cancel'),
      onConfirm: () => remove.mutate({ params: { id: member.id } }),
    });
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <h2 className={rows.title}>
          {member.name} {isMe ? <span className={rows.quiet}>{t('people.you')}</span> : null}
        </h2>
        <div className={rows.sub}>{member.email}</div>
      </div>
      <div>
        <Tooltip label={t(`common:roleMeans.${member.role}`)}>
          <Select
            aria-label={t('people.roleOf', { name: member.name })}
            size="xs"
            disabled={isFixed}
            data={choices.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
            value={member.role}
            onChange={(role) => {
              if (isRole(role)) change.mutate({ params: { id: member.id }, body: { role } });
            }}
          />
        </Tooltip>
      </div>
      <div className={rows.quiet}>
        <Age at={member.createdAt} />
      </div>
      <div className={rows.end}>
        {isFixed ? null : (
          <Tooltip label={t('common:action.remove')}>
            <ActionIcon onClick={askRemove} aria-label={t('people.removeConfirm', { name: member.name })}>
              <IconTrash size={17} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </article>
  );
}
