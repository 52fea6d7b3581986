import type { Runner } from '@holdfast/node-kit';
import { runApiCall } from './api-call/run.ts';
import { runApiOperation } from './api-operation/run.ts';
import { runDatabase } from './database/run.ts';
import { runDocument } from './document/run.ts';
import { runGoogleSheets } from './google-sheets/run.ts';
import { runLlm } from './llm/run.ts';
import { runMessageContact } from './message-contact/run.ts';
import { runQuickbooks } from './quickbooks/run.ts';
import { runS3File } from './s3-file/run.ts';
import { runSendMessage } from './send-message/run.ts';
import { runShopify } from './shopify/run.ts';
import { runSoap } from './soap/run.ts';
import { runSpreadsheet } from './spreadsheet/run.ts';

const all: readonly Runner[] = [
  runApiCall,
  runApiOperation,
  runDatabase,
  runDocument,
  runGoogleSheets,
  runLlm,
  runMessageContact,
  runQuickbooks,
  runS3File,
  runSendMessage,
  runShopify,
  runSoap,
  runSpreadsheet,
];

/** Every effect's runner by its node type: one line per effect above. */
export const runners: Readonly<Record<string, Runner>> = Object.fromEntries(all.map((runner) => [runner.definition.type, runner]));
