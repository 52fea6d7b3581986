import { Command } from 'commander';
import { HoldfastError } from '@holdfast/errors';
import { StackError } from '@holdfast/stack';
import { createReport } from './report.ts';

const program = new Command('holdfast').description("Workflows that don't die at integration 3.").showHelpAfterError();

program
  .command('start')
  .description('start everything and print one address')
  .action(async () => (await import('./start.ts')).start());
program
  .command('dev')
  .description('the same for working on Holdfast: server, worker and editor reload on change')
  .action(async () => (await import('./start.ts')).start({ dev: true }));

program
  .command('doctor')
  .description('check each thing that a start needs and say what to do')
  .action(async () => {
    process.exitCode = (await (await import('./doctor.ts')).doctor()) ? 0 : 1;
  });

program
  .command('api-key')
  .description('make an API key and print it alone; it is shown this once')
  .requiredOption('--name <name>', 'what the key is for')
  .requiredOption('--role <role>', 'admin, builder, operator or viewer')
  .action(async (options: { name: string; role: string }) => (await import('./flow-commands.ts')).printApiKey(options));

program
  .command('import')
  .description('bring a flow file in as a new flow')
  .argument('<file>', 'a flow file, or - for stdin')
  .option('--publish', 'put it live at once', false)
  .action(async (file: string, options: { publish: boolean }) => (await import('./flow-commands.ts')).importFile(file, options));

program
  .command('export')
  .description('print the flows as flow files: one JSON array, or one file each in a folder')
  .option('--flow <id or name>', 'only this one; printed as its file alone')
  .option('--out <folder>', 'write one file per flow there')
  .action(async (options: { flow?: string; out?: string }) => (await import('./flow-commands.ts')).exportFiles(options));

program
  .command('backup')
  .description('back everything up now, also while Holdfast runs; prints where it is')
  .option('--to <folder>', 'into this folder instead of the object storage')
  .action(async (options: { to?: string }) => (await import('./backup-commands.ts')).makeBackup(options));

program
  .command('restore')
  .description('put everything back to a backup; Holdfast must be stopped')
  .argument('[backup]', 'a file, the name of a backup in the storage, or latest', 'latest')
  .option('--replace', 'also when people use this database: everything in it is replaced', false)
  .action(async (from: string, options: { replace: boolean }) => (await import('./backup-commands.ts')).restoreBackup(from, options));

program
  .command('build')
  .description('build the editor, if its sources changed; `start` does it by itself')
  .action(async () => {
    await (await import('./build-editor.ts')).buildEditor((text) => console.log(text));
  });

try {
  await program.parseAsync();
  // What the start left behind (timers of libraries, sockets that close slowly) must not keep us.
  process.exit(process.exitCode ?? 0);
} catch (error) {
  const { message, hint } = describe(error);
  createReport().failed(message, hint);
  process.exit(1);
}

/** Expected troubles are sentences; of a surprise the stack is shown, since only a developer can do something about it. */
function describe(error: unknown): { message: string; hint?: string | undefined } {
  if (error instanceof StackError) return error;
  if (error instanceof HoldfastError) return { message: error.detail, hint: error.hint };
  return { message: `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
}
