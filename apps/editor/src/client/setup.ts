import { endpoints } from '@holdfast/contracts';
import { queryOptions } from '@tanstack/react-query';
import { call } from './call.ts';
import { keyOf } from './use-call.ts';

/** Whether the first owner is still to be made. */
export const setupQuery = queryOptions({
  queryKey: keyOf(endpoints.setupState),
  queryFn: ({ signal }) => call(endpoints.setupState, { signal }),
  staleTime: 60_000,
});
