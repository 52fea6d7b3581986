import { endpoints, type Delivery } from '@holdfast/contracts';
import { Button, Checkbox } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/index.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Age } from '../../parts/age.tsx';
import { DataView } from '../../parts/data-view.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { RunStatusBadge } from '../../parts/run-status-badge.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import css from './webhook.module.css';

interface Props {
  flowId: string;
  delivery: Delivery;
  isChosen: boolean;
  /** Null: may not replay. */
  onChoose: (() => void) | null;
  onReplay: (() => void) | null;
}

export function DeliveryRow({ flowId, delivery, isChosen, onChoose, onReplay }: Props) {
  const { t } = useTranslation('webhook');
  const format = useFormat();
  const [isOpen, setIsOpen] = useState(false);
  const { run } = delivery;
  return (
    <li className={css.delivery}>
      <div className={css.head}>
        {run && onChoose ? (
          <Checkbox
            size="xs"
            checked={isChosen}
            onChange={onChoose}
            aria-label={t('deliveries.choose', { at: format.exact(delivery.at) })}
          />
        ) : null}
        {run ? (
          <RunStatusBadge run={run} />
        ) : (
          <StatusBadge tone="bad" icon={IconBan}>
            {t('deliveries.refused', { count: delivery.count })}
          </StatusBadge>
        )}
        {run ? (
          <Button size="compact-xs" variant="subtle" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {t(isOpen ? 'deliveries.hide' : 'deliveries.show')}
          </Button>
        ) : null}
        {run && onReplay ? (
          <Button size="compact-xs" variant="subtle" onClick={onReplay}>
            {t('deliveries.replay')}
          </Button>
        ) : null}
        <span className={css.at}>
          <Age at={delivery.at} />
        </span>
      </div>
      <Facts delivery={delivery} />
      {isOpen && run ? <Request flowId={flowId} id={delivery.id} run={run.id} /> : null}
    </li>
  );
}

function Facts({ delivery: { run, reason, messageId, replayOf } }: { delivery: Delivery }) {
  const { t } = useTranslation('webhook');
  const facts = [
    reason,
    replayOf === null ? null : t('deliveries.ofRun'),
    messageId === null ? null : `${t('deliveries.messageId')} ${messageId}`,
  ].filter((fact) => fact !== null);
  if (facts.length === 0) return null;
  return <div className={run ? `${css.facts} ${css.indented}` : css.facts}>{facts.join(' · ')}</div>;
}

function Request({ flowId, id, run }: { flowId: string; id: string; run: string }) {
  const { t } = useTranslation('webhook');
  const query = useRead(endpoints.getDelivery, { params: { id: flowId, delivery: id } }, { staleTime: Infinity });
  return (
    <div className={css.request}>
      <QueryView query={query}>
        {({ request }) => (
          <>
            <h4>{t('deliveries.body')}</h4>
            <DataView value={request.body} maxHeight={240} />
            {Object.keys(request.query).length === 0 ? null : (
              <>
                <h4>{t('deliveries.query')}</h4>
                <DataView value={request.query} maxHeight={140} />
              </>
            )}
            <h4>{t('deliveries.headers')}</h4>
            <DataView value={request.headers} maxHeight={180} />
          </>
        )}
      </QueryView>
      <Button mt={8} size="compact-xs" variant="default" component={Link} to={`/runs/${run}`}>
        {t('deliveries.run')}
      </Button>
    </div>
  );
}
