import { Command } from 'commander';
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
  const isExpected = error instanceof StackError;
  createReport().failed(
    isExpected ? error.message : `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    isExpected ? error.hint : undefined,
  );
  process.exit(1);
}
