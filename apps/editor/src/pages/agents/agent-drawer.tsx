import { endpoints, type Agent } from '@holdfast/contracts';
import { Drawer, Stack, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';

interface DrawerProps {
  edited: Agent | 'new' | null;
  onClose: () => void;
  onMade: (token: string, agent: Agent) => void;
}

/** Adds or changes an agent. */
export function AgentDrawer({ edited, onClose, onMade }: DrawerProps) {
  const { t } = useTranslation('ways');
  const agent = edited === 'new' ? null : edited;
  return (
    <Drawer
      opened={edited !== null}
      onClose={onClose}
      position="right"
      size={460}
      title={agent ? t('change', { name: agent.name }) : t('add')}
    >
      {edited === null ? null : <AgentForm agent={agent} onClose={onClose} onMade={onMade} />}
    </Drawer>
  );
}

function AgentForm({ agent, onClose, onMade }: Omit<DrawerProps, 'edited'> & { agent: Agent | null }) {
  const { t } = useTranslation(['ways', 'common']);
  const refreshes = [endpoints.listAgents];
  const create = useAct(endpoints.createAgent, { refreshes, isQuiet: true, onDone: ({ token, ...made }) => onMade(token, made) });
  const update = useAct(endpoints.updateAgent, { refreshes, isQuiet: true, onDone: onClose });
  const form = useEndpointForm(endpoints.createAgent, {
    initial: { name: agent?.name ?? '', allowedHosts: agent?.allowedHosts ?? [] },
  });
  const error = create.error ?? update.error;
  const submit = form.onSubmit((body) => {
    const onError = (thrown: unknown) => void showAtField(form, thrown);
    if (agent) update.mutate({ params: { id: agent.id }, body }, { onError });
    else create.mutate({ body }, { onError });
  });
  const hosts = form.getInputProps('allowedHosts');
  const wrongHost = Object.entries(form.errors).find(([path]) => path.startsWith('allowedHosts.'))?.[1];
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {error ? <ProblemAlert error={error} /> : null}
        <TextInput
          label={t('field.name')}
          description={t('field.nameHint')}
          maxLength={60}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TagsInput
          label={t('field.hosts')}
          description={t('field.hostsHint')}
          placeholder="erp.internal:8080"
          acceptValueOnBlur
          {...hosts}
          error={hosts.error ?? wrongHost}
        />
        <FormEnd
          submit={t(agent ? 'common:action.saveChanges' : 'submit')}
          onCancel={onClose}
          isPending={create.isPending || update.isPending}
        />
      </Stack>
    </form>
  );
}
