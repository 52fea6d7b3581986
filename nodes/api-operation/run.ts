import { implement } from '@holdfast/node-kit';
import { makeCall } from '../calls/make-call.ts';
import { apiOperation, settingsOf } from './node.ts';
import { readValues } from './read-values.ts';
import { writeRequest } from './write-request.ts';

export const runApiOperation = implement(apiOperation, async ({ config, context }) => {
  const given = readValues(config.operation.fields, config.values);
  return makeCall(context, settingsOf(config), await writeRequest(config.operation, { server: config.server.trim(), given, context }));
});
