import { flowFile, type FlowFile } from '@holdfast/graph';
import { ApiError } from '../../client/api-error.ts';

const refused = (detail: string, hint: string, path?: string) =>
  new ApiError({
    code: 'request.invalid',
    title: 'This is not a flow file',
    detail,
    hint,
    status: 400,
    requestId: '',
    ...(path === undefined ? {} : { path }),
  });

/** The flow in a chosen file. Throws an ApiError that says what is wrong and where. */
export function readFlowFile(text: string, name: string): FlowFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw refused(`“${name}” is no JSON, so nothing was imported.`, 'Choose a file that was exported here; its name ends in .flow.json.');
  }
  const parsed = flowFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  throw refused(
    `“${name}” has something unexpected at ${path === '' ? 'its beginning' : path}: ${issue?.message ?? ''}. Nothing was imported.`,
    'Export the flow again where it came from.',
    path,
  );
}
