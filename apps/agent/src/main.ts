#!/usr/bin/env node
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Command } from 'commander';
import { pino } from 'pino';
import { AgentEnd, exitCodes } from './exit-codes.ts';
import { lockFolder, openIdentity } from './identity.ts';
import { openJournal } from './journal.ts';
import { runAgent } from './run-agent.ts';
import { openServerLine } from './server-line.ts';
import { dataDirOf, readSettings, type Written } from './settings.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }; // our own file

const program = new Command('holdfast-agent')
  .description('Makes calls inside this network for Holdfast. It dials out over https and opens no port.')
  .version(version)
  .option('--server <address>', 'where Holdfast is, https://… (HOLDFAST_AGENT_SERVER)')
  .option('--allow <hosts>', 'what it may call: host:port, apart by commas; nobody else can make this list longer (HOLDFAST_AGENT_ALLOW)')
  .option('--token-file <file>', 'a file with its token; or put it in HOLDFAST_AGENT_TOKEN (HOLDFAST_AGENT_TOKEN_FILE)')
  .option(
    '--data-dir <folder>',
    'where its journal is, ~/.holdfast-agent when left out; it must outlive a restart (HOLDFAST_AGENT_DATA_DIR)',
  )
  .option('--ca <file>', 'certificates to trust beside the usual ones, PEM (HOLDFAST_AGENT_CA)')
  .option('--concurrency <number>', 'calls at the same time, 8 when left out (HOLDFAST_AGENT_CONCURRENCY)')
  .option('--log-level <level>', 'debug, info, warn or error; info when left out (HOLDFAST_AGENT_LOG_LEVEL)')
  .addHelpText(
    'after',
    `
HTTPS_PROXY and NO_PROXY are used on the way to Holdfast, not to the hosts that it calls.

Ends with 0 when it was stopped, 1 unexpectedly, 2 wrong options, 3 its token is not good, 4 another version is needed, 5 its folder is in use.`,
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.usage))
  .action(() => start(program.opts()));
program
  .command('health')
  .description('ends with 0 when the server was heard within the last minute')
  .action(() => {
    const heard = statSync(join(dataDirOf(program.opts(), process.env), 'heard'), { throwIfNoEntry: false });
    process.exit(heard && Date.now() - heard.mtimeMs < 60_000 ? 0 : 1);
  });

async function start(written: Written): Promise<void> {
  const settings = readSettings(written, process.env);
  if (settings.ca !== null) setDefaultCACertificates([...getCACertificates('default'), settings.ca]);
  const log = pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  await lockFolder(settings.dataDir);
  const identity = await openIdentity(settings.dataDir);
  const journal = await openJournal(settings.dataDir, settings.token);
  log.info({ version, server: settings.server, allow: settings.allow, untold: journal.entries().length }, 'The agent starts');
  const agent = runAgent({ settings, identity, journal, line: openServerLine(settings), log, version });
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isStopping) process.exit(exitCodes.unexpected);
      isStopping = true;
      log.info({ signal }, 'Stopping: what is under way may end');
      agent.stop();
    });
  await agent.ended;
}

try {
  await program.parseAsync();
  process.exit(exitCodes.stopped);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof AgentEnd ? exitCodes[error.reason] : exitCodes.unexpected);
}
