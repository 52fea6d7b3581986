import { HoldfastError, mapWords, say, type Words } from '@holdfast/errors';
import type { EgressRequest, EgressResponse, JsonObject, Outcome } from '@holdfast/node-kit';
import { readAnswer, XmlProblem, type Answer, type Fault } from '@holdfast/soap';
import type { SoapConfig } from './node.ts';

/** What came of a call. Throws what the service did not do, by whether that can be tried again. */
export function outcomeOf(config: SoapConfig, request: EgressRequest, response: EgressResponse): Outcome {
  const answer = read(config, request, response);
  if ('result' in answer) return { port: 'ok', output: { result: answer.result, fault: null } };
  const { fault } = answer;
  if (fault.blames === 'security') throw unauthorized(request, `${fault.subcode || fault.code}: ${fault.reason}`);
  if (isRefusal(config, fault)) return { port: 'refused', output: { result: null, fault: shownOf(fault) } };
  throw failed(request, fault);
}

const shownOf = ({ code, subcode, reason, detail }: Fault): JsonObject => ({ code, subcode, reason, detail });
const hostOf = ({ url }: EgressRequest): string => URL.parse(url)?.host ?? 'The service';

function read({ operation }: SoapConfig, request: EgressRequest, { status, headers, body }: EgressResponse): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (status < 300 && text.trim() === '') {
    // 202: it was taken, and nobody will say more.
    if (operation.oneWay || operation.output === null || status === 202) return { result: null };
    throw unreadable(request, status, 'nothing, where an answer was to come');
  }
  try {
    return readAnswer(operation, text);
  } catch (error) {
    if (!(error instanceof XmlProblem)) throw error;
    refuseStatus(request, status, headers);
    throw unreadable(request, status, say`${kindOf(headers['content-type'])} that is no SOAP: ${error.words}`);
  }
}

const kindOf = (contentType: string | undefined): string => {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html') return 'a web page';
  if (type === 'multipart/related') return 'a message with attachments (MTOM)';
  return type === '' ? 'something' : type;
};

/** Words of its own for what HTTP itself says no to. */
function refuseStatus(request: EgressRequest, status: number, headers: EgressResponse['headers']): void {
  if (status === 401 || status === 403) throw unauthorized(request, String(status));
  if (status === 408 || status === 425) throw unfinished(request, say`answered ${status}: it did not finish with the request`);
  if (status < 300) return;
  throw new HoldfastError('upstream.refused', {
    detail: say`${hostOf(request)} answered ${status} with ${kindOf(headers['content-type'])}, not with SOAP.`,
    hint: 'Look whether the address is the one of the service, and whether it speaks this version of SOAP.',
  });
}

const unauthorized = (request: EgressRequest, said: string): HoldfastError =>
  new HoldfastError('upstream.unauthorized', {
    detail: say`${hostOf(request)} did not accept who we are (${said.slice(0, 300)}).`,
    hint: 'Open Connections and enter the user name and password again. Then retry all that stopped for this.',
  });

/** A page instead of an answer: what stands before the service may have kept the call, or only its answer. */
const unreadable = (request: EgressRequest, status: number, what: Words): HoldfastError =>
  unfinished(request, say`answered ${status} with ${mapWords(what, (text) => text.slice(0, 300))}`);

function unfinished(request: EgressRequest, what: Words): HoldfastError {
  if (request.isIdempotent) return new HoldfastError('upstream.broken', { detail: say`${hostOf(request)} ${what}.` });
  return new HoldfastError('upstream.ambiguous', {
    detail: say`${hostOf(request)} ${what}. The call may have been carried out.`,
    hint: 'Look into the service whether it happened; then try again, or skip this step.',
  });
}

/** What was asked is wrong, so asking again can't help: by the fault's code, by what the service declares, or by words that staff gave. */
function isRefusal({ refusals }: SoapConfig, fault: Fault): boolean {
  if (fault.blames === 'client' || fault.isDeclared) return true;
  const said = `${fault.code} ${fault.subcode} ${fault.reason}`.toLowerCase();
  return refusals
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .some((word) => word !== '' && said.includes(word));
}

function failed(request: EgressRequest, { code, subcode, reason }: Fault): HoldfastError {
  const said = `${[code, subcode].filter((each) => each !== '').join(', ')}${reason === '' ? '' : `: ${reason.slice(0, 500)}`}`;
  if (request.isIdempotent) return new HoldfastError('upstream.broken', { detail: say`${hostOf(request)} could not do it (${said}).` });
  return new HoldfastError('upstream.ambiguous', {
    detail: say`${hostOf(request)} failed on the way (${said}); part of it may have been carried out.`,
    hint: 'Look into the service whether it happened. If faults like this one mean that nothing was done, add their words under “Also a refusal”.',
  });
}
