import type { QueryClient } from '@tanstack/react-query';
import { sessionQuery } from './session.ts';

/** Forgets everything that was read as this person; the next page asks who is there. */
export function forgetSession(client: QueryClient): void {
  client.clear();
  client.setQueryData(sessionQuery.queryKey, null);
}
