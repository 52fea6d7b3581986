import { endpoints, type FlowDetail } from '@holdfast/contracts';
import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots, IconDownload, IconFileImport, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, useAct, useMay, useRead } from '../client/index.ts';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import { readFlowFile } from '../pages/flows/read-flow-file.ts';
import { saveAsFile } from '../pages/flows/save-as-file.ts';
import { useConfirm } from '../parts/use-confirm.tsx';
import { showProblem } from '../shell/show-problem.tsx';

/** The flow file in and out, and the pause of the whole flow. */
export function FlowActions({ detail }: { detail: FlowDetail }) {
  const { t } = useTranslation('flow');
  const { document } = useWorkbench();
  const isReadOnly = useDocument((state) => state.isReadOnly);
  const mayPublish = useMay('flows.publish');
  const chooser = useRef<HTMLInputElement>(null);
  const importFile = async (file: File | undefined) => {
    if (!file) return;
    try {
      document.getState().replace(readFlowFile(await file.text(), file.name));
      notifications.show({ message: t('menu.imported', { name: file.name }), color: 'ok' });
    } catch (thrown) {
      showProblem(asApiError(thrown));
    }
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon aria-label={t('menu.open')} title={t('menu.open')}>
            <IconDots size={18} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} stroke={1.5} />} onClick={() => saveAsFile(document.getState().file)}>
            {t('menu.export')}
          </Menu.Item>
          {isReadOnly ? null : (
            <Menu.Item leftSection={<IconFileImport size={16} stroke={1.5} />} onClick={() => chooser.current?.click()}>
              {t('menu.import')}
            </Menu.Item>
          )}
          {mayPublish ? <PauseItem detail={detail} /> : null}
        </Menu.Dropdown>
      </Menu>
      <input
        ref={chooser}
        type="file"
        accept=".json,application/json"
        hidden
        onChange={(event) => {
          void importFile(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

function PauseItem({ detail }: { detail: FlowDetail }) {
  const { t } = useTranslation('flow');
  const confirm = useConfirm();
  const { data } = useRead(endpoints.listFlows, {});
  const pause = useAct(endpoints.pauseFlow, { refreshes: [endpoints.listFlows] });
  const flow = data?.items.find((item) => item.id === detail.id) ?? detail;
  if (flow.status === 'draft') return null;
  if (flow.status === 'paused')
    return (
      <Menu.Item
        leftSection={<IconPlayerPlay size={16} stroke={1.5} />}
        onClick={() => pause.mutate({ params: { id: detail.id }, body: { paused: false } })}
      >
        {t('menu.resume')}
      </Menu.Item>
    );
  const ask = () =>
    confirm({
      title: t('pause.title', { name: flow.name }),
      effect: t('pause.effect', { count: flow.runs.open }),
      confirm: t('pause.confirm'),
      tone: 'brand',
      onConfirm: () => pause.mutate({ params: { id: detail.id }, body: { paused: true } }),
    });
  return (
    <Menu.Item leftSection={<IconPlayerPause size={16} stroke={1.5} />} onClick={ask}>
      {t('menu.pause')}
    </Menu.Item>
  );
}
