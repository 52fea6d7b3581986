import { endpoints, type RunSummary } from '@holdfast/contracts';
import { CloseButton, Select, UnstyledButton } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { SearchField } from '../../parts/search-field.tsx';
import classes from './run-filters.module.css';
import type { RunsSearch } from './runs-query.ts';

const route = getRouteApi('/app/runs');
const statuses = ['attention', 'running', 'waiting', 'paused', 'ended'] as const satisfies RunSummary['status'][];

/** Which runs to show. Every choice goes into the address, so a view can be sent to a colleague. */
export function RunFilters({ counts }: { counts: Record<string, number> | undefined }) {
  const { t } = useTranslation('runs');
  const search = route.useSearch();
  const navigate = useNavigate();
  const flows = useRead(endpoints.listFlows, {}, { staleTime: 30_000 });
  const change = (part: RunsSearch) => void navigate({ to: '/runs', search: { ...search, ...part }, replace: true });
  return (
    <div className={classes.filters}>
      <StatusTabs chosen={search.status} counts={counts} onChoose={(status) => change({ status, cause: undefined })} />
      <div className={classes.row}>
        <SearchField
          className={classes.search}
          label={t('filter.search')}
          initial={search.search ?? ''}
          onSearch={(text) => change({ search: text === '' ? undefined : text })}
        />
        <Select
          className={classes.flow}
          aria-label={t('filter.flow')}
          placeholder={t('filter.anyFlow')}
          data={(flows.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={search.flow ?? null}
          onChange={(flow) => change({ flow: flow ?? undefined })}
          searchable
          clearable
        />
        <Select
          className={classes.since}
          aria-label={t('filter.since')}
          placeholder={t('filter.anyTime')}
          data={[
            { value: 'hour', label: t('filter.hour') },
            { value: 'day', label: t('filter.day') },
            { value: 'week', label: t('filter.week') },
          ]}
          value={search.since ?? null}
          onChange={(since) => change({ since: since === 'hour' || since === 'day' || since === 'week' ? since : undefined })}
          clearable
        />
      </div>
      {search.conversation ? (
        <p className={classes.conversation}>
          {t('filter.conversation')}
          <CloseButton size="sm" aria-label={t('filter.allConversations')} onClick={() => change({ conversation: undefined })} />
        </p>
      ) : null}
    </div>
  );
}

interface StatusTabsProps {
  chosen: RunsSearch['status'];
  counts: Record<string, number> | undefined;
  onChoose: (status: RunsSearch['status']) => void;
}

function StatusTabs({ chosen, counts, onChoose }: StatusTabsProps) {
  const { t } = useTranslation(['runs', 'common']);
  const format = useFormat();
  return (
    <div className={classes.tabs} role="group" aria-label={t('filter.status')}>
      <UnstyledButton className={classes.tab} aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
        {t('filter.all')}
      </UnstyledButton>
      {statuses.map((status) => (
        <UnstyledButton
          key={status}
          className={classes.tab}
          aria-pressed={chosen === status}
          data-status={status}
          onClick={() => onChoose(status)}
        >
          {status === 'ended' ? t('filter.ended') : t(`common:runStatus.${status}`)}
          {counts && status !== 'ended' ? <span className={classes.count}>{format.number(counts[status] ?? 0)}</span> : null}
        </UnstyledButton>
      ))}
    </div>
  );
}
