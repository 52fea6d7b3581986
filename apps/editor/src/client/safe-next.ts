/** Where to go after signing in: only a path of our own, for `//elsewhere` is another site. */
export const safeNext = (next: string | undefined): string => (next?.startsWith('/') && !/^\/[/\\]/.test(next) ? next : '/flows');
