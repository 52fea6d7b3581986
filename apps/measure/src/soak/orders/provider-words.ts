import type { TroubleOptions } from '@holdfast/test-kit/fakes';

// Time is compressed ten times: a minute's pause is six seconds.
const soon = { 'retry-after': '2' };
const graphError = (code: number, message: string) => ({
  error: { message: `(#${code}) ${message}`, type: 'OAuthException', code, fbtrace_id: 'A1' },
});
const books = (code: string, Message: string) => ({ Fault: { Error: [{ Message, Detail: Message, code }], type: 'SystemFault' } });
const google = (code: number, status: string, message: string) => ({ error: { code, status, message } });

const soapFault = `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>
<faultcode>soap:Server</faultcode><faultstring>The posting engine is busy</faultstring></soap:Fault></soap:Body></soap:Envelope>`;

/** How each provider words its refusals. */
export const wordsOf: Readonly<Record<string, NonNullable<TroubleOptions['words']>>> = {
  whatsapp: {
    limited: { status: 429, body: graphError(130429, 'Rate limit hit') },
    broken: { status: 500, body: graphError(131000, 'Something went wrong') },
  },
  shopify: {
    limited: { status: 429, body: { errors: 'Exceeded 2 calls per second for api client.' }, headers: soon },
    broken: { status: 500, body: { errors: 'Internal Server Error' } },
  },
  quickbooks: {
    limited: { status: 429, body: books('3001', 'message=ThrottleExceeded; errorCode=003001; statusCode=429'), headers: soon },
    broken: { status: 500, body: books('10000', 'An application error has occurred while processing your request') },
  },
  erp: { broken: { status: 500, body: soapFault, headers: { 'content-type': 'text/xml' } } },
  sheets: {
    limited: { status: 429, body: google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), headers: soon },
    broken: { status: 500, body: google(500, 'INTERNAL', 'Internal error encountered.') },
    unavailable: { status: 503, body: google(503, 'UNAVAILABLE', 'The service is currently unavailable.') },
  },
};
