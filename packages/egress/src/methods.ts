export const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** What HTTP says may be sent twice with the effect of once. */
export const isIdempotentMethod = (method: string): boolean => idempotentMethods.has(method);
