import { endpoints, isAllowed, type Permission, type Role } from '@holdfast/contracts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { call, type Answer } from './call.ts';
import { keyOf } from './use-call.ts';

export type Session = Answer<typeof endpoints.me>;

/** Who is signed in; null when nobody is. Asked once, then kept until sign-in, sign-out or a refusal. */
export const sessionQuery = queryOptions({
  queryKey: keyOf(endpoints.me),
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call(endpoints.me, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'auth.required') return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** The session inside the signed-in pages, or null elsewhere. */
export const useSession = (): Session | null => useQuery(sessionQuery).data ?? null;

/** Whether the signed-in person's role allows this. Only for hiding what would be refused; the server decides. */
export function useMay(permission: Permission): boolean {
  const role: Role | undefined = useSession()?.role;
  return role !== undefined && isAllowed(role, permission);
}
