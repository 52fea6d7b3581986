import { parentPort, workerData } from 'node:worker_threads';
import { asHoldfastError, toProblem } from '@holdfast/errors';
import type { Description } from './description.ts';
import { readOpenapi } from './openapi/read-openapi.ts';
import type { ThreadAnswer } from './read-description.ts';
import { readWsdlDocument } from './wsdl/read-wsdl-document.ts';

interface Task {
  text: string;
  from: { sourceUrl: string | null };
}

function read({ text, from }: Task): Description {
  return text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('<')
    ? readWsdlDocument(text, from)
    : readOpenapi(text, from);
}

function answer(task: Task): ThreadAnswer {
  try {
    return { read: read(task) };
  } catch (error) {
    const { code, detail, hint, path } = toProblem(asHoldfastError(error, 'internal'));
    return { failed: { code, detail, ...(hint === undefined ? {} : { hint }), ...(path === undefined ? {} : { path }) } };
  }
}

// as: whoever starts the thread hands over exactly this.
parentPort?.postMessage(answer(workerData as Task));
