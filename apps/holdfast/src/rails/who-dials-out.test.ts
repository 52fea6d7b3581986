import { expect, test } from 'vitest';
import { linesWhere, sourceFiles, withoutComments, type SourceFile } from './source-files.ts';

// Whatever a flow makes the product reach goes through packages/egress: addresses are vetted there. So every file that could open a socket by itself stands here.

const production = sourceFiles(
  '{packages,nodes,workflows,templates}/**/*.{ts,tsx}',
  'apps/{agent,demo-service,holdfast,server,worker}/src/**/*.{ts,tsx}',
).filter(({ path }) => !/^packages\/test-kit\/|\/test\//.test(path));

/** Packages that open sockets, or could. */
const dialers =
  /^(?:node:(?:net|tls|http|https|http2|dgram|dns)(?:\/promises)?|undici|socks|pg|pg-cursor|pg-copy-streams|oracledb|nodemailer|imapflow|mailparser|twilio|groq-sdk|openai|@anthropic-ai\/sdk|@aws-sdk\/[\w-]+|@smithy\/[\w-]+|@temporalio\/(?:client|worker)|better-auth|pdfmake)$/;
/** Packages that only compute, read their own files, or answer what comes in. */
const quiet =
  /^(?:node:(?:child_process|crypto|events|fs|fs\/promises|module|os|path|stream|stream\/consumers|stream\/promises|timers\/promises|url|util|worker_threads|zlib)|@marcbachmann\/cel-js|@noble\/hashes|@temporalio\/(?:activity|common|workflow)|canonicalize|commander|croner|express|fontkit|helmet|html-to-text|ipaddr\.js|libphonenumber-js|liquidjs|papaparse|picocolors|pino|piscina|prom-client|re2js|read-excel-file|saxes|tar-stream|uuid|write-excel-file|yaml|yauzl|zod)$/;

const egress = 'packages/egress/src/ssrf.integration.test.ts and apps/server/src/every-way-out.integration.test.ts';
const databases = 'packages/databases/src/postgres.integration.test.ts, oracle-way and proxies.integration.test.ts, and every-way-out';
const mail = 'packages/channels/src/email/sending.integration.test.ts, reading and proxies.integration.test.ts, and every-way-out';
const models = 'it is handed a fetch of the egress: packages/llm/src/create-llm.integration.test.ts and every-way-out';
const own = 'our own database, named by whoever runs us';
const temporal = 'our own Temporal, named by whoever runs us';
const computes = 'opens nothing: ';

/** Why each may, and what guards it. */
const mayDial: Readonly<Record<string, string>> = {
  'packages/egress/src/connect.ts': egress,
  'packages/egress/src/transport.ts': egress,
  'packages/egress/src/way/dial-through-proxy.ts': `an administrator's proxy: proxies.integration.test.ts and every-way-out`,
  'packages/egress/src/sign-s3.ts': `${computes}signatures`,
  'packages/databases/src/open-postgres.ts': databases,
  'packages/databases/src/cancel-postgres.ts': databases,
  'packages/databases/src/open-oracle.ts': databases,
  'packages/databases/src/vetted-relay.ts': databases,
  'packages/databases/src/vetted-tunnel.ts': databases,
  'packages/databases/src/oracle-types.ts': `${computes}the names of types`,
  'packages/databases/src/postgres-types.ts': `${computes}how values are read`,
  'packages/databases/src/postgres-tls.ts': `${computes}tells addresses from names`,
  'packages/channels/src/email/open-imap.ts': mail,
  'packages/channels/src/email/smtp-session.ts': mail,
  'packages/channels/src/email/send-mail.ts': `${computes}writes mails`,
  'packages/channels/src/email/read-mail.ts': `${computes}reads mails`,
  'packages/channels/src/email/domain/ask-dns.ts':
    'asks the machine’s own name server for records of a mail domain; nothing that it answers is dialled',
  'packages/channels/src/sms/verify-twilio.ts': `${computes}signatures`,
  'packages/llm/src/providers/claude.ts': models,
  'packages/llm/src/providers/groq.ts': models,
  'packages/llm/src/providers/openai-compatible.ts': models,
  'packages/mirror/src/oracle-target.ts':
    'an administrator’s target, vetted by the egress: packages/mirror/src/connections.integration.test.ts',
  'packages/mirror/src/postgres-target.ts':
    'an administrator’s target, vetted by the egress: packages/mirror/src/connections.integration.test.ts',
  'packages/backup/src/s3-storage.ts': 'an owner’s storage for backups, set where we are started',
  'packages/backup/src/write-archive.ts': own,
  'packages/backup/src/restore-archive.ts': own,
  'packages/db/src/pool.ts': own,
  'packages/db/src/listen.ts': own,
  'packages/runs/src/temporal-bell.ts': temporal,
  'packages/runs/src/temporal-line.ts': temporal,
  'packages/documents/src/pdf/draw-pdf.ts': `${computes}addresses and files are refused to it, as drawn`,
  'packages/stack/src/binary-sources.ts': 'fetches the stack’s programs when somebody installs it',
  'packages/stack/src/free-port.ts': `${computes}finds a port of this machine`,
  'packages/stack/src/postgres.ts': own,
  'packages/stack/src/temporal.ts': temporal,
  'apps/agent/src/identity.ts': `${computes}a lock on this machine`,
  'apps/agent/src/main.ts': `${computes}whom to trust`,
  'apps/demo-service/src/start-demo-service.ts': 'listens',
  'apps/holdfast/src/container-health.ts': 'asks this very container',
  'apps/holdfast/src/doctor.ts': 'asks our own server when somebody examines it',
  'apps/server/src/alerts/send-alert.ts': 'an administrator’s mail server: apps/server/src/alerts/alerts.integration.test.ts',
  'apps/server/src/auth/auth.ts': `${computes}sessions and passwords`,
  'apps/server/src/auth/caller.ts': `${computes}headers`,
  'apps/server/src/routes/auth-routes.ts': `${computes}sessions`,
  'apps/server/src/routes/people-routes.ts': `${computes}passwords`,
  'apps/server/src/setup/first-owner.ts': `${computes}passwords`,
  'apps/server/src/routes/service-routes.ts': `its fetch is the egress’s: ${egress}`,
  'apps/server/src/start-server.ts': 'listens',
  'apps/server/src/temporal-access.ts': temporal,
  'apps/server/src/views/message-mail.ts': `${computes}writes mails`,
  'apps/worker/src/start-worker.ts': temporal,
  'apps/worker/src/workflow-bundle.ts': `${computes}bundles workflows`,
};

/** Packages that a file really loads: types are gone when it runs. */
const loadedBy = ({ text }: SourceFile): string[] =>
  [...withoutComments(text).matchAll(/^(?:import|export)\s+(?!type\b)(?:[\w$*{}\s,]+?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm)]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((name) => !/^[./#]|^@holdfast\//.test(name))
    .map((name) =>
      name.startsWith('node:')
        ? name
        : name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
    );

test('a package that the product loads is known to dial, or to dial nobody', () => {
  const unknown = production.flatMap((file) => loadedBy(file).filter((name) => !dialers.test(name) && !quiet.test(name)));
  expect([...new Set(unknown)]).toEqual([]);
});

test('only files of the list may open sockets, and each that stands there does', () => {
  const callsFetch = new Set(
    linesWhere(
      production.map(({ path, text }) => ({ path, text: withoutComments(text) })),
      (line) => /(?<![.\w])fetch\(|\bnew (?:WebSocket|EventSource)\b/.test(line),
    ).map((line) => line.split(':')[0] ?? ''),
  );
  const dialling = production.filter((file) => callsFetch.has(file.path) || loadedBy(file).some((name) => dialers.test(name)));
  expect(dialling.map(({ path }) => path)).toEqual(Object.keys(mayDial).toSorted());
});
