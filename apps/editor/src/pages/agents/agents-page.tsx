import { endpoints, type Agent } from '@holdfast/contracts';
import { Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useRead } from '../../client/index.ts';
import { ListPage } from '../../parts/list-page.tsx';
import { CopyIcon } from '../../parts/copy-icon.tsx';
import rows from '../../parts/rows.module.css';
import { ConnectionTabs } from '../connections/connection-tabs.tsx';
import { ShownOnce } from '../settings/shown-once.tsx';
import { AgentDrawer } from './agent-drawer.tsx';
import { AgentRow } from './agent-row.tsx';
import classes from './agents-page.module.css';

/** Programs inside other networks that make calls there, and whether they are heard. */
export function AgentsPage() {
  const { t } = useTranslation('ways');
  const agents = useRead(endpoints.listAgents, {}, { refetchInterval: 10_000 });
  const maySet = useMay('settings.manage');
  const [edited, setEdited] = useState<Agent | 'new' | null>(null);
  const [made, setMade] = useState<{ token: string; agent: Agent } | null>(null);
  return (
    <>
      <ListPage
        title={t('title')}
        lead={t('lead')}
        query={agents}
        add={maySet ? { label: t('add'), onAdd: () => setEdited('new') } : null}
        empty={{ drawing: 'connections', title: t('empty.title'), text: t('empty.text') }}
        notice={<ConnectionTabs tab="agents" />}
      >
        {(items) => (
          <div className={`${rows.card} ${classes.agents}`}>
            {items.map((agent) => (
              <AgentRow key={agent.id} agent={agent} onEdit={() => setEdited(agent)} onToken={(token) => setMade({ token, agent })} />
            ))}
          </div>
        )}
      </ListPage>
      <AgentDrawer
        edited={edited}
        onClose={() => setEdited(null)}
        onMade={(token, agent) => {
          setEdited(null);
          setMade({ token, agent });
        }}
      />
      <Modal opened={made !== null} onClose={() => setMade(null)} title={t('token.ready')} size="lg">
        {made ? (
          <ShownOnce text={t('token.text')} secret={made.token} onClose={() => setMade(null)}>
            <Command agent={made.agent} />
          </ShownOnce>
        ) : null}
      </Modal>
    </>
  );
}

/** What to type on the machine inside the network, in a checkout of Holdfast. */
function Command({ agent }: { agent: Agent }) {
  const { t } = useTranslation('ways');
  const command = `npx -y pnpm@12 holdfast-agent --server ${window.location.origin} \\\n  --allow ${agent.allowedHosts.join(',')} \\\n  --token-file agent.token`;
  return (
    <div>
      <Text size="sm" mb={4}>
        {t('command')}
      </Text>
      <div className={classes.command}>
        <pre>{command}</pre>
        <CopyIcon value={command} />
      </div>
    </div>
  );
}
