import { endpoints, type FlowSummary } from '@holdfast/contracts';
import { Menu } from '@mantine/core';
import { IconArchive, IconCopy, IconDownload, IconListDetails, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../../client/api-error.ts';
import { call } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { RowMenu } from '../../parts/row-menu.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { showProblem } from '../../shell/show-problem.tsx';
import { saveAsFile } from './save-as-file.ts';

/** What can be done to a flow without opening it. */
export function FlowMenu({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation(['flows', 'common']);
  const mayWrite = useMay('flows.write');
  const mayPublish = useMay('flows.publish');
  const confirm = useConfirm();
  const refreshes = [endpoints.listFlows];
  const pause = useAct(endpoints.pauseFlow, { refreshes });
  const archive = useAct(endpoints.deleteFlow, { refreshes });
  const copy = useAct(endpoints.createFlow, { refreshes });
  const params = { id: flow.id };
  const draft = async () => (await call(endpoints.getDraft, { params })).file;
  const failed = (error: unknown) => showProblem(asApiError(error));
  const setPaused = (paused: boolean) => pause.mutate({ params, body: { paused } });
  const askPause = () =>
    confirm({
      title: t('pause.title', { name: flow.name }),
      effect: t('pause.effect', { count: flow.runs.open }),
      confirm: t('pause.confirm'),
      tone: 'brand',
      onConfirm: () => setPaused(true),
    });
  const askArchive = () =>
    confirm({
      title: t('archive.title', { name: flow.name }),
      effect: t('archive.effect', { count: flow.runs.open }),
      confirm: t('archive.confirm'),
      keep: t('common:action.keep'),
      onConfirm: () => archive.mutate({ params }),
    });
  const duplicate = async () => {
    const file = await draft();
    copy.mutate({ body: { file: { ...file, name: t('copyName', { name: flow.name }).slice(0, 120) } } });
  };
  return (
    <RowMenu name={flow.name}>
      <Menu.Item
        leftSection={<IconListDetails size={16} stroke={1.5} />}
        renderRoot={(props) => <Link to="/runs" search={{ flow: flow.id }} {...props} />}
      >
        {t('action.runs')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconDownload size={16} stroke={1.5} />}
        onClick={() => void draft().then((file) => saveAsFile(file), failed)}
      >
        {t('action.export')}
      </Menu.Item>
      {mayWrite ? (
        <Menu.Item leftSection={<IconCopy size={16} stroke={1.5} />} onClick={() => void duplicate().catch(failed)}>
          {t('action.duplicate')}
        </Menu.Item>
      ) : null}
      {mayPublish && flow.status === 'live' ? (
        <Menu.Item leftSection={<IconPlayerPause size={16} stroke={1.5} />} onClick={askPause}>
          {t('action.pause')}
        </Menu.Item>
      ) : null}
      {mayPublish && flow.status === 'paused' ? (
        <Menu.Item leftSection={<IconPlayerPlay size={16} stroke={1.5} />} onClick={() => setPaused(false)}>
          {t('action.resume')}
        </Menu.Item>
      ) : null}
      {mayWrite ? (
        <>
          <Menu.Divider />
          <Menu.Item color="bad" leftSection={<IconArchive size={16} stroke={1.5} />} onClick={askArchive}>
            {t('action.archive')}
          </Menu.Item>
        </>
      ) : null}
    </RowMenu>
  );
}
