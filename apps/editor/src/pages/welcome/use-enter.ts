import { endpoints } from '@holdfast/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../client/call.ts';
import { sessionQuery } from '../../client/session.ts';

/** Signs in and goes on to where the person wanted to be. Throws what the server refused. */
export function useEnter(): (who: { email: string; password: string }, next?: string) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (who, next = '/flows') => {
    await call(endpoints.signIn, { body: who });
    await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await navigate({ href: next });
  };
}
