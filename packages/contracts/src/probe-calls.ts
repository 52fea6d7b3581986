/** One harmless read that shows whether a credential works. */
export interface ProbeCall {
  method: 'GET' | 'POST';
  /** A path beneath the API's address, or a whole address. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Where the answer names what it is connected with; without that name it does not work. */
  nameAt?: readonly string[];
  /** A refusal in these words shows that the credential is known there. */
  provenBy?: string;
}

/** What a probe may be made of: where it goes, and what its limits belong to. */
export interface ProbeFacts {
  /** Without a slash at its end. */
  baseUrl: string | null;
  provider?: string;
}

/** `token`: getting an access token is all that can be tried · `database`: a session and a question · `soap`: whether a service answers · `nothing`: it is never sent anywhere. */
export type Probe = 'token' | 'database' | 'soap' | 'nothing' | ((facts: ProbeFacts) => ProbeCall | null);

const get = (url: string, headers: Record<string, string> = {}): ProbeCall => ({ method: 'GET', url, headers });

/** The list of models, which every model server can tell. Null: nobody knows its address. */
export const modelsAt =
  (path: string, usual: string | null, headers: Record<string, string> = {}): Probe =>
  ({ baseUrl }) =>
    baseUrl === null && usual === null ? null : get(`${baseUrl ?? usual ?? ''}${path}`, headers);

/** Its own address, where it has one: what answers there accepts it or not. */
export const ownAddress: Probe = ({ baseUrl }) => (baseUrl === null ? null : get(baseUrl));

/** A key that may only write is told so by name; one that is not known, by another. */
export const bucketList: Probe = () => ({ ...get('?list-type=2&max-keys=1'), provenBy: 'AccessDenied' });

export const shopName: Probe = () => ({
  method: 'POST',
  url: 'admin/api/2026-07/graphql.json',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ shop { name } }' }),
  nameAt: ['data', 'shop', 'name'],
});

export const companyName: Probe = ({ provider }) => ({
  ...get(`companyinfo/${provider?.split(':')[1] ?? ''}?minorversion=75`, { accept: 'application/json' }),
  nameAt: ['CompanyInfo', 'CompanyName'],
});
