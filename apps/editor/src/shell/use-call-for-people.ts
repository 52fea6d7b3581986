import i18next from 'i18next';
import { endpoints, type LiveEvent } from '@holdfast/contracts';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.ts';
import { useOnLive } from '../live/use-live.ts';
import { saidIn } from '../parts/use-said.ts';

interface Notice {
  tag: string;
  title: string;
  body: string;
  open: () => void;
}

const canNotify = () => 'Notification' in window && Notification.permission === 'granted';

// The system tells when nobody looks at this tab; a toast tells when somebody does, or when the system may not.
function tell(notice: Notice): void {
  if (document.hidden && canNotify()) {
    const shown = new Notification(notice.title, { body: notice.body, tag: notice.tag, silent: true, icon: '/favicon.svg' });
    shown.addEventListener('click', () => {
      window.focus();
      notice.open();
      shown.close();
    });
    return;
  }
  notifications.show({
    id: notice.tag,
    color: 'person',
    title: notice.title,
    message: notice.body,
    autoClose: 12_000,
    style: { cursor: 'pointer' },
    onClick: notice.open,
  });
}

/** Tells the person of every new handoff and every stopped run, once each. */
export function useCallForPeople(): void {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const told = useRef(new Set<string>());

  const tellOfHandoff = async (id: string) => {
    const handoff = await call(endpoints.getHandoff, { params: { id } });
    if (handoff.status !== 'open') return;
    tell({
      tag: id,
      title: t('notice.handoff', { name: handoff.conversation.contact.name || t('notice.someone') }),
      body: saidIn(i18next.language)(handoff.reason),
      open: () => void navigate({ to: '/inbox/$id', params: { id } }),
    });
  };
  const tellOfRun = async (id: string) => {
    const run = await call(endpoints.getRun, { params: { id } });
    if (run.status !== 'attention') return;
    tell({
      tag: id,
      title: t('notice.attention', { flow: run.flow.name }),
      body: run.cause ? saidIn(i18next.language)(run.cause.detail, run.cause.said?.detail) : '',
      open: () => void navigate({ to: '/runs/$id', params: { id } }),
    });
  };
  const hear = async (event: LiveEvent) => {
    const isHandoff = event.kind === 'handoff' && event.status === 'open';
    const isStopped = event.kind === 'run' && event.status === 'attention';
    const id = isHandoff ? event.handoff : isStopped ? event.run : null;
    if (id === null || told.current.has(id)) return;
    told.current.add(id);
    await (isHandoff ? tellOfHandoff(id) : tellOfRun(id));
  };
  // What could not be asked for is in the rail's counts anyway.
  useOnLive((event) => void hear(event).catch(() => undefined));
}
