import { endpoints, type Contact, type Identity } from '@holdfast/contracts';
import { ActionIcon, Badge, Button, Group, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ChannelIcon } from '../../parts/channel-icon.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { AddressFields, noAddress } from './address-fields.tsx';
import { isChannelKind } from '../../parts/channel-kinds.ts';
import css from './contacts.module.css';

const refreshes = [endpoints.getContact, endpoints.listContacts];

/** Every address of a person, with what they asked for there. */
export function Addresses({ contact, mayManage }: { contact: Contact; mayManage: boolean }) {
  const { t } = useTranslation('contacts');
  const [isAdding, setAdding] = useState(false);
  return (
    <section className={css.card} aria-label={t('address.title')}>
      <h3>
        {t('address.title')}
        {mayManage && !isAdding ? (
          <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={14} stroke={2} />} onClick={() => setAdding(true)}>
            {t('address.add')}
          </Button>
        ) : null}
      </h3>
      {contact.identities.length === 0 && !isAdding ? <p className={css.none}>{t('address.none')}</p> : null}
      {contact.identities.map((identity) => (
        <AddressRow key={identity.id} contact={contact} identity={identity} mayManage={mayManage} />
      ))}
      {isAdding ? <AddAddress contact={contact} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

function AddressRow({ contact, identity, mayManage }: { contact: Contact; identity: Identity; mayManage: boolean }) {
  const { t } = useTranslation('contacts');
  const format = useFormat();
  const { channelKind, address } = identity;
  const isHere = (one: { channelKind: string; address: string }) => one.channelKind === channelKind && one.address === address;
  const wishes = contact.wishes.filter(isHere);
  const suppressed = contact.suppressed.find(isHere);
  return (
    <div className={css.address}>
      <ChannelIcon kind={channelKind} />
      <span className={css.addressWords}>
        <span className="data">{address}</span>
        <span className={css.kind}>{isChannelKind(channelKind) ? t(`kind.${channelKind}`) : channelKind}</span>
      </span>
      <span className={css.wishes}>
        {wishes.map(({ purpose, isAllowed, since }) => (
          <Badge
            key={`${purpose}${isAllowed}`}
            color={isAllowed ? 'ok' : 'warn'}
            variant="light"
            title={t('wish.since', { at: format.exact(since) })}
          >
            {t(`wish.${isAllowed ? 'consent' : 'stop'}.${purpose}`)}
          </Badge>
        ))}
        {suppressed ? (
          <Badge color="bad" variant="light" title={suppressed.reason}>
            {t('wish.suppressed')}
          </Badge>
        ) : null}
      </span>
      {mayManage ? <AddressMenu contact={contact} identity={identity} isSuppressed={suppressed !== undefined} /> : null}
    </div>
  );
}

function AddressMenu({ contact, identity, isSuppressed }: { contact: Contact; identity: Identity; isSuppressed: boolean }) {
  const { t } = useTranslation('contacts');
  const wish = useAct(endpoints.setContactWish, { refreshes });
  const remove = useAct(endpoints.removeIdentity, { refreshes });
  const restore = useAct(endpoints.restoreAddress, { refreshes });
  const set = (purpose: 'service' | 'marketing', given: 'stop' | 'again' | 'consent') =>
    wish.mutate({ params: { id: contact.id }, body: { identity: identity.id, purpose, wish: given } });
  const part = { params: { id: contact.id, part: identity.id } };
  const isStopped = contact.wishes.some(
    (one) => !one.isAllowed && one.channelKind === identity.channelKind && one.address === identity.address,
  );
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon aria-label={t('address.more', { address: identity.address })}>
          <IconDots size={17} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => set('service', 'stop')}>{t('wish.act.stopAll')}</Menu.Item>
        <Menu.Item onClick={() => set('marketing', 'stop')}>{t('wish.act.stopMarketing')}</Menu.Item>
        {isStopped ? <Menu.Item onClick={() => set('service', 'again')}>{t('wish.act.again')}</Menu.Item> : null}
        <Menu.Item onClick={() => set('marketing', 'consent')}>{t('wish.act.consent')}</Menu.Item>
        <Menu.Divider />
        {isSuppressed ? <Menu.Item onClick={() => restore.mutate(part)}>{t('wish.act.restore')}</Menu.Item> : null}
        <Menu.Item color="bad" onClick={() => remove.mutate(part)}>
          {t('address.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function AddAddress({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  const [address, setAddress] = useState(noAddress);
  const add = useAct(endpoints.addIdentity, { refreshes, isQuiet: true, onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ params: { id: contact.id }, body: address });
  };
  return (
    <form className={css.form} onSubmit={submit}>
      {add.isError ? <ProblemAlert error={add.error} /> : null}
      <AddressFields value={address} onChange={setAddress} />
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button size="xs" type="submit" loading={add.isPending} disabled={address.address.trim() === ''}>
          {t('address.add')}
        </Button>
      </Group>
    </form>
  );
}
