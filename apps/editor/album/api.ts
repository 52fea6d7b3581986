/** A signed-in caller of the API for the seed; throws what the server refused. */
export interface Api {
  cookie: string;
  send: <T = unknown>(method: string, path: string, body?: unknown) => Promise<T>;
}

export async function openApi(base: string, who: { email: string; password: string }): Promise<Api> {
  const headers = { 'content-type': 'application/json', origin: base };
  const setup = await fetch(`${base}/api/setup`);
  const { isOpen } = (await setup.json()) as { isOpen: boolean }; // the contract of setupState
  if (isOpen)
    await fetch(`${base}/api/setup`, { method: 'POST', headers, body: JSON.stringify({ ...who, name: 'Ana Ruiz', workspace: 'Faro' }) });
  const signedIn = await fetch(`${base}/api/auth/sign-in/email`, { method: 'POST', headers, body: JSON.stringify(who) });
  if (!signedIn.ok) throw new Error(`Signing in as ${who.email} answered ${signedIn.status}: ${await signedIn.text()}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return {
    cookie,
    send: async <T>(method: string, path: string, body?: unknown) => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, cookie },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as T; // the caller names what the contract promises
    },
  };
}
