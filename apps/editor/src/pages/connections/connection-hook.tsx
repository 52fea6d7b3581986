import { endpoints, type ConnectionHookView, type Credential } from '@holdfast/contracts';
import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconEar, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { useSaid } from '../../parts/use-said.ts';
import { CopyField } from '../channels/copy-field.tsx';
import classes from './connection-hook.module.css';

/** Kinds of connections whose systems tell us what happens. */
export const tells = ({ kind }: Pick<Credential, 'kind'>): boolean => kind === 'shopify' || kind === 'quickbooks';

const lookEveryMs = 3_000;

/** What a shop or a company tells us by itself: where, signed with what, and whether it does. */
export function ConnectionHook({ credential }: { credential: Credential }) {
  const query = useRead(endpoints.readConnectionHook, { params: { id: credential.id } }, { refetchInterval: lookEveryMs });
  return <QueryView query={query}>{(hook) => <Hook credential={credential} hook={hook} />}</QueryView>;
}

function Hook({ credential, hook }: { credential: Credential; hook: ConnectionHookView }) {
  const { t } = useTranslation('triggers');
  const mayManage = useMay('credentials.manage');
  const kind = credential.kind === 'quickbooks' ? 'quickbooks' : 'shopify';
  return (
    <Stack gap="lg">
      <p className={classes.about}>{t(`${kind}.about`)}</p>
      {hook.url === null ? (
        <ProblemAlert problem={{ code: 'trigger.address', title: t('noAddress.title'), detail: t('noAddress.detail') }} tone="warn" />
      ) : (
        <CopyField label={t('address')} value={hook.url} description={t(`${kind}.address`)} />
      )}
      {mayManage ? <KeyForm credential={credential} hook={hook} kind={kind} /> : null}
      {hook.problem ? <ProblemAlert problem={hook.problem} tone="warn" /> : null}
      <Topics hook={hook} kind={kind} />
      <Heard credential={credential} hook={hook} />
    </Stack>
  );
}

interface Shown {
  credential: Credential;
  hook: ConnectionHookView;
}

function KeyForm({ credential, hook, kind }: Shown & { kind: 'shopify' | 'quickbooks' }) {
  const { t } = useTranslation(['triggers', 'common']);
  const [key, setKey] = useState('');
  const set = useAct(endpoints.setHookKey, { refreshes: [endpoints.readConnectionHook], isQuiet: true, onDone: () => setKey('') });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate({ params: { id: credential.id }, body: { key } });
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <PasswordInput
          className={classes.key}
          label={t(`${kind}.key`)}
          description={t(hook.key === 'missing' ? `${kind}.keyMissing` : hook.key === 'own' ? 'shopify.keyOwn' : 'keyEntered')}
          value={key}
          autoComplete="off"
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant={hook.key === 'missing' ? 'filled' : 'default'}
          disabled={key.trim().length < 8}
          loading={set.isPending}
        >
          {t('keySave')}
        </Button>
      </Group>
      {hook.key === 'missing' ? <p className={classes.needed}>{t('keyNeeded')}</p> : null}
      {set.error ? <ProblemAlert error={set.error} /> : null}
    </form>
  );
}

function Topics({ hook, kind }: { hook: ConnectionHookView; kind: 'shopify' | 'quickbooks' }) {
  const { t } = useTranslation('triggers');
  const said = useSaid();
  if (hook.topics.length === 0) return <p className={classes.about}>{t('nobodyListens')}</p>;
  return (
    <ul className={classes.topics}>
      {hook.topics.map((topic) => {
        const state = stateOf(topic, kind);
        return (
          <li key={topic.topic}>
            <span className="data">{topic.topic}</span>
            <StatusBadge {...looks[state]}>{t(`state.${state}`)}</StatusBadge>
            <small>
              {topic.receivedAt ? (
                <>
                  {t('lastReceived')} <Age at={topic.receivedAt} />
                </>
              ) : (
                t('neverReceived')
              )}
              {topic.lostAt ? (
                <>
                  {' · '}
                  {t('lost')} <Age at={topic.lostAt} />
                </>
              ) : null}
            </small>
            {topic.problem && state === 'refused' ? <small>{said(topic.problem.detail, topic.problem.said?.detail)}</small> : null}
          </li>
        );
      })}
    </ul>
  );
}

type Topic = ConnectionHookView['topics'][number];

function stateOf({ problem, isSubscribed }: Topic, kind: 'shopify' | 'quickbooks'): keyof typeof looks {
  // That we have no address is said above, once.
  if (problem) return problem.code === 'trigger.address' ? 'read' : 'refused';
  if (kind === 'quickbooks') return 'listens';
  return isSubscribed ? 'subscribed' : 'asking';
}

const looks = {
  refused: { tone: 'bad', icon: IconAlertTriangle },
  listens: { tone: 'neutral', icon: IconEar },
  subscribed: { tone: 'ok', icon: IconCheck },
  read: { tone: 'warn', icon: IconRefresh },
  asking: { tone: 'warn', icon: IconClock },
} as const;

function Heard({ credential, hook }: Shown) {
  const { t } = useTranslation('triggers');
  const mayManage = useMay('credentials.manage');
  const check = useAct(endpoints.checkConnectionHook, { refreshes: [endpoints.readConnectionHook] });
  return (
    <div className={classes.heard} aria-live="polite">
      <p>
        {hook.receivedAt ? (
          <>
            {t('lastReceived')} <Age at={hook.receivedAt} />.{' '}
          </>
        ) : null}
        {hook.checkedAt ? (
          <>
            {t('lastChecked')} <Age at={hook.checkedAt} />.
          </>
        ) : null}
      </p>
      {hook.refusedAt ? (
        <p>
          {t('lastRefused')} <Age at={hook.refusedAt} />: {hook.refusal}
        </p>
      ) : null}
      {mayManage && hook.topics.length > 0 ? (
        <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate({ params: { id: credential.id } })}>
          {t('checkNow')}
        </Button>
      ) : null}
    </div>
  );
}
