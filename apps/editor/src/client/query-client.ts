import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, asApiError } from './api-error.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Error;
    mutationMeta: {
      /** The form shows the problem itself; no toast. */
      isQuiet?: boolean;
    };
  }
}

export interface FailureListeners {
  /** The session is over. */
  onSignedOut: () => void;
  /** Something a person did failed, and no form shows it. */
  onActFailed: (error: ApiError) => void;
}

const isSignedOut = (error: unknown) => error instanceof ApiError && error.code === 'auth.required';
// A refusal stays a refusal; only what may pass by itself is tried again.
const mayPass = (error: unknown) => !(error instanceof ApiError) || error.status === 0 || error.status >= 502;

export function createQueryClient(listeners: FailureListeners): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => void (isSignedOut(error) && listeners.onSignedOut()) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (isSignedOut(error)) listeners.onSignedOut();
        else if (!mutation.meta?.isQuiet) listeners.onActFailed(asApiError(error));
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => mayPass(error) && failures < 2,
        retryDelay: (failures) => 400 * 2 ** failures,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
