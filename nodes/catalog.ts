import type { Catalog, NodeDefinition } from '@holdfast/node-kit';
import { apiCall } from './api-call/node.ts';
import { apiOperation } from './api-operation/node.ts';
import { ask } from './ask/node.ts';
import { channelTrigger } from './channel-trigger/node.ts';
import { condition } from './condition/node.ts';
import { database } from './database/node.ts';
import { document } from './document/node.ts';
import { end } from './end/node.ts';
import { googleSheetsTrigger } from './google-sheets-trigger/node.ts';
import { googleSheets } from './google-sheets/node.ts';
import { humanHandoff } from './human-handoff/node.ts';
import { join } from './join/node.ts';
import { llm } from './llm/node.ts';
import { messageContact } from './message-contact/node.ts';
import { patternMatch } from './pattern-match/node.ts';
import { quickbooksTrigger } from './quickbooks-trigger/node.ts';
import { quickbooks } from './quickbooks/node.ts';
import { retry } from './retry/node.ts';
import { s3File } from './s3-file/node.ts';
import { scheduleTrigger } from './schedule-trigger/node.ts';
import { sendMessage } from './send-message/node.ts';
import { setData } from './set-data/node.ts';
import { shopifyTrigger } from './shopify-trigger/node.ts';
import { shopify } from './shopify/node.ts';
import { soap } from './soap/node.ts';
import { spreadsheet } from './spreadsheet/node.ts';
import { wait } from './wait/node.ts';
import { webhookTrigger } from './webhook-trigger/node.ts';

/** In the order of the palette. */
const definitions = [
  channelTrigger,
  webhookTrigger,
  scheduleTrigger,
  shopifyTrigger,
  quickbooksTrigger,
  googleSheetsTrigger,
  patternMatch,
  llm,
  sendMessage,
  messageContact,
  ask,
  apiCall,
  apiOperation,
  soap,
  googleSheets,
  shopify,
  quickbooks,
  s3File,
  database,
  setData,
  document,
  spreadsheet,
  end,
  condition,
  join,
  retry,
  wait,
  humanHandoff,
];

/** Every node type by its `type`: one line per node above. */
// Each definition is called with configs that its own schema parsed; the map forgets which one, the type can't say so.
export const catalog = Object.fromEntries(
  definitions.map((definition) => [definition.type, definition as unknown as NodeDefinition]),
) as Catalog;
