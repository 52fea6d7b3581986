import type { ServerResponse } from 'node:http';

/** A refusal in Graph's own envelope. */
export interface GraphError {
  status: number;
  code: number;
  subcode?: number;
  message: string;
  details?: string;
  retryAfter?: number;
  /** Minutes in X-Business-Use-Case-Usage. */
  regainMinutes?: number;
}
export type Reply = { result: unknown } | { error: GraphError };

export const refuse = (error: GraphError): Reply => ({ error });

/** Meta's answer to every id it doesn't know or won't show: 400, never 404. */
export const unknownObject = (id: string): Reply =>
  refuse({
    status: 400,
    code: 100,
    subcode: 33,
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
  });

export const invalidParameter = (details: string): Reply =>
  refuse({ status: 400, code: 100, message: '(#100) Invalid parameter', details });

/** HTTP status and words of each code as Meta answers them when a message is sent. */
const known: Readonly<Record<number, { status: number; message: string }>> = {
  0: { status: 401, message: 'AuthException' },
  1: { status: 400, message: 'API Unknown' },
  2: { status: 503, message: 'API Service' },
  3: { status: 500, message: 'API Method' },
  4: { status: 400, message: 'API Too Many Calls' },
  10: { status: 403, message: 'API Permission Denied' },
  190: { status: 401, message: 'Access token has expired' },
  200: { status: 403, message: 'API Permission' },
  368: { status: 403, message: 'Temporarily blocked for policies violations' },
  80007: { status: 400, message: 'Rate limit issues' },
  130429: { status: 429, message: 'Rate limit hit' },
  130472: { status: 400, message: "User's number is part of an experiment" },
  130497: { status: 403, message: 'Business account is restricted from messaging users in this country.' },
  131000: { status: 500, message: 'Something went wrong' },
  131016: { status: 500, message: 'Service unavailable' },
  131026: { status: 400, message: 'Message undeliverable' },
  131031: { status: 403, message: 'Business Account has been locked' },
  131047: { status: 400, message: 'Re-engagement message' },
  131048: { status: 400, message: 'Spam rate limit hit' },
  131049: { status: 400, message: 'This message was not delivered to maintain healthy ecosystem engagement.' },
  131050: { status: 400, message: 'Unable to deliver the message. This recipient has chosen to stop receiving marketing messages.' },
  131051: { status: 400, message: 'Unsupported message type' },
  131052: { status: 400, message: 'Media download error' },
  131053: { status: 400, message: 'Media upload error' },
  131056: { status: 400, message: '(Business Account, Consumer Account) pair rate limit hit' },
  131057: { status: 500, message: 'Account in maintenance mode' },
  132000: { status: 400, message: 'Template Param Count Mismatch' },
  132001: { status: 404, message: 'Template does not exist' },
  132007: { status: 400, message: 'Template Format Character Policy Violated' },
  132012: { status: 400, message: 'Template Parameter Format Mismatch' },
  132015: { status: 400, message: 'Template is Paused' },
  132016: { status: 400, message: 'Template is Disabled' },
  133010: { status: 400, message: 'Phone number Not Registered' },
  133016: { status: 400, message: 'Account register deregister rate limit exceeded' },
};

export const refusalOf = (code: number, more: Partial<GraphError> = {}): GraphError => ({
  status: known[code]?.status ?? 400,
  code,
  message: `(#${code}) ${known[code]?.message ?? 'Something went wrong'}`,
  ...more,
});

export function answer(response: ServerResponse, reply: Reply): void {
  if (response.destroyed || response.writableEnded) return;
  if ('result' in reply) {
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(reply.result));
    return;
  }
  const { status, code, subcode, message, details, retryAfter, regainMinutes } = reply.error;
  const usage = [{ type: 'whatsapp', call_count: 100, estimated_time_to_regain_access: regainMinutes }];
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(regainMinutes === undefined ? {} : { 'x-business-use-case-usage': JSON.stringify({ '2000000000001': usage }) }),
    })
    .end(
      JSON.stringify({
        error: {
          message,
          type: 'OAuthException',
          code,
          ...(subcode === undefined ? {} : { error_subcode: subcode }),
          error_data: { messaging_product: 'whatsapp', details: details ?? message },
          fbtrace_id: 'AfakeTraceId',
        },
      }),
    );
}
