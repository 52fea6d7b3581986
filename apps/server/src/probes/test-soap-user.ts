import { say, type Words } from '@holdfast/errors';
import type { Egress, ResolvedCredential } from '@holdfast/egress';
import { readAnswer, securityMark, XmlProblem } from '@holdfast/soap';

/** Asks for nothing at all, so that nothing happens: who accepts us says that there is no such operation, who doesn't says that. */
const emptyMessage = `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${securityMark}</soap:Header><soap:Body/></soap:Envelope>`;

/** Whether a SOAP service takes this user name. Throws egress.*, upstream.* and credential.*. */
export async function testSoapUser(egress: Egress, credential: ResolvedCredential): Promise<{ ok: boolean; detail: Words }> {
  const url = credential.baseUrl ?? null;
  if (url === null) return { ok: false, detail: 'There is no address to try it on. Give it one, or try it with a step that uses it.' };
  const { host } = new URL(url);
  const { status, body } = await egress.request({
    method: 'POST',
    url,
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
    body: emptyMessage,
    soap: { securityMark },
    isIdempotent: true,
    timeoutMs: 10_000,
    resolvedCredential: credential,
  });
  if (status === 401 || status === 403) return { ok: false, detail: say`${host} did not accept it (${status}).` };
  const fault = faultIn(typeof body === 'string' ? body : '');
  if (fault === null)
    return { ok: false, detail: say`${host} answered ${status}, but not with SOAP: is this the address of the service itself?` };
  if (fault?.blames === 'security')
    return { ok: false, detail: say`${host} did not accept it (${fault.subcode || fault.code}: ${fault.reason.slice(0, 200)}).` };
  return { ok: true, detail: say`${host} answers, and does not object to the user name.` };
}

/** Undefined: an answer without one. Null: no SOAP at all. */
function faultIn(text: string) {
  try {
    const answer = readAnswer({ types: [], output: null, faults: [] }, text);
    return 'fault' in answer ? answer.fault : undefined;
  } catch (error) {
    if (error instanceof XmlProblem) return null;
    throw error;
  }
}
