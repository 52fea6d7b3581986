import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { acceptsHost, parseHostList, type Way } from '@holdfast/egress';
import { asHoldfastError } from '@holdfast/errors';
import { AgentEnd } from './exit-codes.ts';

export interface AgentSettings {
  /** Without a slash at its end. */
  server: string;
  token: string;
  /** What it may reach: its own list, which nobody else can make longer. */
  allow: string[];
  dataDir: string;
  /** PEM: whom to trust beside the usual ones. */
  ca: string | null;
  /** On the way to the server. */
  proxy: Extract<Way, { kind: 'proxy' }> | null;
  concurrency: number;
  logLevel: string;
}

/** Options as they are written on the command line; an environment variable stands behind each. */
export type Written = Partial<Record<'server' | 'allow' | 'tokenFile' | 'dataDir' | 'ca' | 'concurrency' | 'logLevel', string>>;

const variables: Record<keyof Written, string> = {
  server: 'HOLDFAST_AGENT_SERVER',
  allow: 'HOLDFAST_AGENT_ALLOW',
  tokenFile: 'HOLDFAST_AGENT_TOKEN_FILE',
  dataDir: 'HOLDFAST_AGENT_DATA_DIR',
  ca: 'HOLDFAST_AGENT_CA',
  concurrency: 'HOLDFAST_AGENT_CONCURRENCY',
  logLevel: 'HOLDFAST_AGENT_LOG_LEVEL',
};

/** Throws AgentEnd for what can't work. */
export function readSettings(written: Written, environment: NodeJS.ProcessEnv): AgentSettings {
  const read = (name: keyof Written): string | undefined => written[name] || environment[variables[name]] || undefined;
  const server = readServer(read('server'));
  const concurrency = Number(read('concurrency') ?? 8);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) throw usage('--concurrency is a number from 1 to 64.');
  return {
    server,
    token: readToken(environment['HOLDFAST_AGENT_TOKEN'], read('tokenFile')),
    allow: readAllow(read('allow')),
    dataDir: dataDirOf(written, environment),
    ca: read('ca') === undefined ? null : readText(read('ca') ?? '', '--ca'),
    proxy: readProxy(server, environment),
    concurrency,
    logLevel: read('logLevel') ?? 'info',
  };
}

export const dataDirOf = (written: Written, environment: NodeJS.ProcessEnv): string =>
  resolve(written.dataDir || environment[variables.dataDir] || join(homedir(), '.holdfast-agent'));

const usage = (message: string): AgentEnd => new AgentEnd('usage', message);

function readServer(text: string | undefined): string {
  if (text === undefined)
    throw usage('Where is the server? Give its address as --server https://holdfast.example.com, or as HOLDFAST_AGENT_SERVER.');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || url.username !== '' || url.password !== '' || url.search !== '')
    throw usage(`"${text.slice(0, 100)}" is no address of a server.`);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))
    throw usage(
      `${url.origin} is not https. Calls carry keys and customers' data, so the agent speaks https to every machine but its own.`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function readToken(given: string | undefined, file: string | undefined): string {
  const token = (given || (file === undefined ? '' : readText(file, '--token-file'))).trim();
  if (/^hfa_[A-Za-z0-9_-]{43}$/.test(token)) return token;
  throw usage(
    token === ''
      ? 'The token is missing. Put it in a file for --token-file, or in HOLDFAST_AGENT_TOKEN. It is made in Holdfast under Connections, Agents.'
      : 'This is no token of an agent: one starts with hfa_ and is made in Holdfast under Connections, Agents.',
  );
}

function readAllow(text: string | undefined): string[] {
  let hosts: string[];
  try {
    hosts = parseHostList(text ?? '');
  } catch (error) {
    const { detail, hint } = asHoldfastError(error, 'internal');
    throw usage(`--allow: ${detail} ${hint ?? ''}`.trim());
  }
  if (hosts.length > 0) return hosts;
  throw usage(
    'What may it reach? Name hosts with their ports as --allow erp.internal:8080,10.1.2.3:443, or in HOLDFAST_AGENT_ALLOW. It calls nothing else.',
  );
}

function readText(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(`${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** HTTPS_PROXY and NO_PROXY, as other programs read them. */
function readProxy(server: string, environment: NodeJS.ProcessEnv): AgentSettings['proxy'] {
  const of = (name: string) => environment[name] || environment[name.toLowerCase()] || undefined;
  const url = new URL(server);
  const text = (url.protocol === 'https:' ? of('HTTPS_PROXY') : of('HTTP_PROXY')) ?? of('ALL_PROXY');
  const spared = (of('NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  if (text === undefined || spared.some((entry) => entry === '*' || acceptsHost([entry, entry.replace(/^\.?/, '*.')], url))) return null;
  const proxy = URL.canParse(text) ? new URL(text) : null;
  if (!proxy || !['http:', 'https:', 'socks5:', 'socks5h:'].includes(proxy.protocol))
    throw usage('HTTPS_PROXY holds no address of a proxy.');
  return {
    kind: 'proxy',
    url: `${proxy.protocol.replace('socks5h', 'socks5')}//${proxy.host}`,
    username: decodeURIComponent(proxy.username) || null,
    password: decodeURIComponent(proxy.password) || null,
  };
}
