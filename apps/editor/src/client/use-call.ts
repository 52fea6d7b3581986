import type { Endpoint } from '@holdfast/contracts';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import { call, type Answer, type CallInput } from './call.ts';

interface Located {
  params?: unknown;
  query?: unknown;
}

/** The cache key of a call. Starts with the path, so that `refresh` reaches every page and filter of it. */
export const keyOf = (endpoint: Endpoint, located: Located = {}): QueryKey => [endpoint.path, located.params ?? {}, located.query ?? {}];

/** Marks what is cached of these endpoints as old; what is on screen is asked for again. */
export const refresh = (client: QueryClient, endpoints: readonly Endpoint[]): void => {
  for (const endpoint of endpoints) void client.invalidateQueries({ queryKey: [endpoint.path] });
};

export interface ReadOptions {
  enabled?: boolean;
  refetchInterval?: number | false;
  /** Keeps the last answer on screen while filters change. */
  keepPrevious?: boolean;
  staleTime?: number;
}

/** Reads an endpoint: `useRead(endpoints.getRun, { params: { id } })`. */
export function useRead<E extends Endpoint>(endpoint: E, input: CallInput<E>, options: ReadOptions = {}) {
  const { keepPrevious, ...rest } = options;
  return useQuery<Answer<E>>({
    queryKey: keyOf(endpoint, input),
    queryFn: ({ signal }) => call(endpoint, { ...input, signal }),
    ...rest,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

interface Paged {
  items: unknown[];
  next: string | null;
}

/** Reads a cursor-paged endpoint page after page; `data.pages` holds the answers so far. */
export function useReadPages<E extends Endpoint>(endpoint: E, input: CallInput<E>, options: { enabled?: boolean } = {}) {
  const located: Located = input;
  return useInfiniteQuery({
    queryKey: [...keyOf(endpoint, input), 'pages'],
    queryFn: ({ signal, pageParam }) =>
      call(endpoint, {
        ...input,
        query: {
          ...(located.query as object | undefined), // a query is an object where there is one
          ...(pageParam ? { cursor: pageParam } : {}),
        },
        signal,
      } as CallInput<E>), // the cursor is a query field of every paged endpoint
    initialPageParam: '',
    getNextPageParam: (last: Answer<E>) => (last as Paged).next ?? undefined, // `page()` in the contracts
    ...options,
  });
}

export interface ActOptions<E extends Endpoint> {
  /** Asked for again when the act succeeded. */
  refreshes?: readonly Endpoint[];
  onDone?: (answer: Answer<E>, input: CallInput<E>) => void;
  /** True when the caller shows the problem itself. */
  isQuiet?: boolean;
}

/** Changes something: `const publish = useAct(endpoints.publishFlow, …); publish.mutate({ params: { id }, body })`. */
export function useAct<E extends Endpoint>(endpoint: E, options: ActOptions<E> = {}) {
  const client = useQueryClient();
  return useMutation<Answer<E>, Error, CallInput<E>>({
    mutationKey: [endpoint.method, endpoint.path],
    mutationFn: (input) => call(endpoint, input),
    onSuccess: (answer, input) => {
      refresh(client, options.refreshes ?? []);
      options.onDone?.(answer, input);
    },
    meta: { isQuiet: options.isQuiet ?? false },
  });
}
