import { endpoints } from '@holdfast/contracts';
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { useSaid } from '../../parts/use-said.ts';
import { AddAlert } from './add-alert.tsx';
import { alertKinds } from './alert-kinds.ts';
import { targetText } from './target-text.ts';
import classes from './settings-page.module.css';

type Route = Answer<typeof endpoints.listAlertRoutes>['items'][number];

export function AlertsTab() {
  const { t } = useTranslation('settings');
  const routes = useRead(endpoints.listAlertRoutes, {});
  const mayManage = useMay('settings.manage');
  const [isAdding, adding] = useDisclosure(false);
  const add = mayManage ? (
    <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={adding.open}>
      {t('alerts.add')}
    </Button>
  ) : null;
  return (
    <>
      <div className={classes.toolbar}>
        <p>{t('alerts.lead')}</p>
        {routes.data?.items.length ? add : null}
      </div>
      <QueryView query={routes}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing="inbox" title={t('alerts.emptyTitle')} action={add} isCompact>
              {t('alerts.emptyText')}
            </EmptyState>
          ) : (
            <div className={`${rows.card} ${classes.alerts}`}>
              {items.map((route) => (
                <RouteRow key={route.id} route={route} mayManage={mayManage} />
              ))}
            </div>
          )
        }
      </QueryView>
      <AddAlert isOpen={isAdding} onClose={adding.close} />
    </>
  );
}

function RouteRow({ route, mayManage }: { route: Route; mayManage: boolean }) {
  const { t } = useTranslation(['settings', 'common']);
  const said = useSaid();
  const confirm = useConfirm();
  const Glyph = alertKinds[route.kind];
  const params = { id: route.id };
  const target = targetText(route.kind, route.target);
  const remove = useAct(endpoints.deleteAlertRoute, { refreshes: [endpoints.listAlertRoutes] });
  const test = useAct(endpoints.testAlertRoute, {
    refreshes: [endpoints.listAlertRoutes],
    onDone: ({ ok, detail }) =>
      notifications.show({
        color: ok ? 'ok' : 'warn',
        title: t(ok ? 'alerts.testGood' : 'alerts.testBad'),
        message: said(detail),
        autoClose: ok ? 5_000 : 12_000,
      }),
  });
  const askRemove = () =>
    confirm({
      title: t('alerts.removeTitle', { target }),
      effect: t('alerts.removeEffect'),
      confirm: t('alerts.remove'),
      keep: t('common:action.keep'),
      onConfirm: () => remove.mutate({ params }),
    });
  return (
    <article className={rows.row}>
      <div className={rows.main} style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
        <Glyph size={20} stroke={1.5} color="var(--text-2)" style={{ flex: 'none' }} aria-hidden />
        <div className={rows.main}>
          <h2 className={rows.title} title={target}>
            {target}
          </h2>
          <div className={rows.sub}>{t(`alerts.kind.${route.kind}`)}</div>
        </div>
      </div>
      <div className={classes.faint}>{route.events.map((event) => t(`alerts.event.${event}`)).join(', ')}</div>
      <div className={rows.end}>
        {mayManage ? (
          <>
            <Button size="xs" variant="default" onClick={() => test.mutate({ params })} loading={test.isPending}>
              {t('alerts.test')}
            </Button>
            <Tooltip label={t('common:action.remove')}>
              <ActionIcon onClick={askRemove} aria-label={t('alerts.removeNamed', { target })}>
                <IconTrash size={17} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
      </div>
      {route.lastProblem ? (
        <div style={{ gridColumn: '1 / -1' }}>
          <ProblemAlert problem={route.lastProblem} tone="warn" />
        </div>
      ) : null}
    </article>
  );
}
