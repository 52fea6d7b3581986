import type { FlowNode } from '@holdfast/graph';
import { Button } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/index.ts';
import { useWorkbench } from '../../document/workbench.tsx';
import { DeliveriesDrawer } from './deliveries-drawer.tsx';
import { TestRequest } from './test-request.tsx';
import css from '../inspector.module.css';

/** What comes to a webhook's address: a test request to learn from, and everything that came. */
export function WebhookData({ node }: { node: FlowNode }) {
  const { t } = useTranslation('webhook');
  const { flowId } = useWorkbench();
  const mayRead = useMay('runs.read');
  const [isOpen, setIsOpen] = useState(false);
  if (flowId === null) return null;
  return (
    <>
      <TestRequest key={node.id} flowId={flowId} node={node} />
      {mayRead ? (
        <section className={css.section}>
          <h3>{t('deliveries.open')}</h3>
          <p>{t('deliveries.about')}</p>
          <Button mt={8} size="xs" variant="default" leftSection={<IconInbox size={15} stroke={1.75} />} onClick={() => setIsOpen(true)}>
            {t('deliveries.open')}
          </Button>
          <DeliveriesDrawer flowId={flowId} node={node} isOpen={isOpen} onClose={() => setIsOpen(false)} />
        </section>
      ) : null}
    </>
  );
}
