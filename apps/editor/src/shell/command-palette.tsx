import { endpoints, isAllowed } from '@holdfast/contracts';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconHandStop, IconListDetails, IconMessage, IconRoute, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../client/session.ts';
import { useRead } from '../client/use-call.ts';
import { runLook } from '../parts/run-status-badge.tsx';
import { places } from './places.ts';
import { useSends } from './use-sends.ts';

/** Ctrl/⌘ K: every place, flow, run and conversation, and the acts that matter in a hurry. */
export function CommandPalette() {
  const { t } = useTranslation('shell');
  const [query, setQuery] = useState('');
  const groups = [usePlaces(), useActs(), useFlows(query), useRuns(query), useConversations(query)].filter(
    ({ actions }) => actions.length > 0,
  );
  return (
    <Spotlight
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      limit={24}
      shortcut={['mod + K', 'mod + P']}
      highlightQuery
      scrollable
      maxHeight={460}
      nothingFound={t('search.nothing', { query })}
      searchProps={{
        placeholder: t('search.placeholder'),
        'aria-label': t('search.open'),
        leftSection: <IconSearch size={18} stroke={1.5} />,
      }}
    />
  );
}

function usePlaces(): SpotlightActionGroupData {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const role = useSession()?.role;
  const actions = places
    .filter((place) => role !== undefined && isAllowed(role, place.needs))
    .map(({ name, to, icon: Glyph }): SpotlightActionData => ({
      id: name,
      label: t(`places.${name}`),
      leftSection: <Glyph size={18} stroke={1.5} />,
      onClick: () => void navigate({ to }),
    }));
  return { group: t('search.places'), actions };
}

function useActs(): SpotlightActionGroupData {
  const { t } = useTranslation('shell');
  const sends = useSends();
  if (!sends.mayTurn) return { group: t('search.acts'), actions: [] };
  const isOff = sends.pausedAt !== null;
  return {
    group: t('search.acts'),
    actions: [
      {
        id: 'sends',
        label: t(isOff ? 'sends.allow' : 'sends.stop'),
        keywords: ['red', 'pause'],
        leftSection: <IconHandStop size={18} stroke={1.5} />,
        onClick: isOff ? sends.allow : sends.stop,
      },
    ],
  };
}

function useFlows(query: string): SpotlightActionGroupData {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const flows = useRead(endpoints.listFlows, {}, { enabled: query !== '' });
  const actions = (query === '' ? [] : (flows.data?.items ?? [])).map((flow): SpotlightActionData => ({
    id: flow.id,
    label: flow.name,
    description: flow.description,
    leftSection: <IconRoute size={18} stroke={1.5} />,
    onClick: () => void navigate({ to: '/flows/$id', params: { id: flow.id } }),
  }));
  return { group: t('search.flows'), actions };
}

function useRuns(query: string): SpotlightActionGroupData {
  const { t } = useTranslation(['shell', 'common']);
  const navigate = useNavigate();
  const [search] = useDebouncedValue(query.trim(), 200);
  const runs = useRead(endpoints.listRuns, { query: { search, limit: 6 } }, { enabled: search.length > 1 });
  const actions = (search.length > 1 ? (runs.data?.items ?? []) : []).map((run): SpotlightActionData => ({
    id: run.id,
    label: `${run.flow.name} · ${run.contact?.name || run.id}`,
    description: t(`common:runStatus.${runLook(run)}`),
    keywords: [search],
    leftSection: <IconListDetails size={18} stroke={1.5} />,
    onClick: () => void navigate({ to: '/runs/$id', params: { id: run.id } }),
  }));
  return { group: t('search.runs'), actions };
}

function useConversations(query: string): SpotlightActionGroupData {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const [search] = useDebouncedValue(query.trim(), 200);
  const found = useRead(endpoints.listConversations, { query: { search, limit: 6 } }, { enabled: search.length > 1 });
  const actions = (search.length > 1 ? (found.data?.items ?? []) : []).map((conversation): SpotlightActionData => ({
    id: conversation.id,
    label: conversation.contact.name || conversation.id,
    description: conversation.lastMessage,
    keywords: [search],
    leftSection: <IconMessage size={18} stroke={1.5} />,
    onClick: () => void navigate({ to: '/conversations/$id', params: { id: conversation.id } }),
  }));
  return { group: t('search.conversations'), actions };
}
