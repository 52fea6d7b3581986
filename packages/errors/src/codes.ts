/**
 * Every error that Holdfast can report: who must act, whether trying again can help, the HTTP status, and what people read.
 * `retry`: `never` | `later` (the same call may succeed) | `ambiguous` (it may have happened already: never repeat blindly).
 */
export const codes = {
  'request.malformed': { status: 400, who: 'caller', retry: 'never', title: 'We could not read this request' },
  'request.invalid': { status: 400, who: 'caller', retry: 'never', title: 'Something in this request does not fit' },
  'request.too-large': { status: 413, who: 'caller', retry: 'never', title: 'This is too large' },
  'request.unsupported-media': { status: 415, who: 'caller', retry: 'never', title: 'This content type is not accepted here' },
  'auth.required': { status: 401, who: 'caller', retry: 'never', title: 'Please sign in' },
  'auth.forbidden': { status: 403, who: 'admin', retry: 'never', title: 'Your role does not allow this' },
  'auth.signature': { status: 401, who: 'admin', retry: 'never', title: 'The signature does not fit' },
  'auth.too-many-tries': { status: 429, who: 'caller', retry: 'later', title: 'Too many tries' },
  'resource.missing': { status: 404, who: 'caller', retry: 'never', title: 'We could not find this' },
  'resource.conflict': { status: 409, who: 'caller', retry: 'never', title: 'Somebody changed this in the meantime' },
  'flow.invalid': { status: 422, who: 'builder', retry: 'never', title: 'The flow has problems' },
  'flow.not-live': { status: 409, who: 'builder', retry: 'never', title: 'This flow is not live' },
  'flow.too-many-steps': { status: 422, who: 'builder', retry: 'never', title: 'The run went round too often' },
  'step.config': { status: 422, who: 'builder', retry: 'never', title: 'A setting of this step does not fit its data' },
  'step.timeout': { status: 504, who: 'operator', retry: 'later', title: 'The step took too long' },
  'step.crashed': { status: 500, who: 'developer', retry: 'later', title: 'The step failed unexpectedly' },
  'template.invalid': { status: 422, who: 'builder', retry: 'never', title: 'A text with inserted values could not be filled in' },
  'upstream.unreachable': { status: 502, who: 'operator', retry: 'later', title: 'The service could not be reached' },
  'upstream.timeout': { status: 504, who: 'operator', retry: 'later', title: 'The service did not answer in time' },
  'upstream.limited': { status: 429, who: 'operator', retry: 'later', title: 'The service asks us to slow down' },
  'upstream.broken': { status: 502, who: 'operator', retry: 'later', title: 'The service answered with an error' },
  'upstream.refused': { status: 502, who: 'operator', retry: 'never', title: 'The service refused' },
  'upstream.unauthorized': { status: 502, who: 'admin', retry: 'never', title: 'The service did not accept the credential' },
  'upstream.ambiguous': { status: 502, who: 'operator', retry: 'ambiguous', title: 'We do not know whether the service did it' },
  'upstream.too-large': { status: 502, who: 'builder', retry: 'never', title: 'The answer was too large' },
  'egress.blocked': { status: 403, who: 'admin', retry: 'never', title: 'This address is not allowed' },
  'credential.missing': { status: 422, who: 'builder', retry: 'never', title: 'A credential is missing' },
  'credential.host': { status: 403, who: 'builder', retry: 'never', title: 'This credential must not be sent there' },
  'llm.no-key': { status: 422, who: 'admin', retry: 'never', title: 'No model is connected' },
  'llm.unusable-answer': { status: 502, who: 'builder', retry: 'later', title: 'The model’s answer could not be used' },
  'channel.paused': { status: 409, who: 'operator', retry: 'never', title: 'This channel is paused' },
  'channel.blocked': { status: 409, who: 'nobody', retry: 'never', title: 'This person does not accept our messages' },
  'channel.unreachable': { status: 409, who: 'nobody', retry: 'never', title: 'This chat can’t be reached' },
  'channel.token': { status: 409, who: 'admin', retry: 'never', title: 'The channel’s token was not accepted' },
  'channel.content': { status: 422, who: 'builder', retry: 'never', title: 'The channel does not accept this message' },
  'send.paused': { status: 409, who: 'operator', retry: 'later', title: 'Automated messages are switched off' },
  'send.held': { status: 409, who: 'nobody', retry: 'never', title: 'A person holds this conversation' },
  'send.unknown': { status: 502, who: 'operator', retry: 'ambiguous', title: 'We do not know whether this message arrived' },
  'run.superseded': { status: 409, who: 'nobody', retry: 'never', title: 'Another process took over this run' },
  'run.ended': { status: 409, who: 'caller', retry: 'never', title: 'This run has ended' },
  'override.impossible': { status: 409, who: 'caller', retry: 'never', title: 'This can’t be done to the run now' },
  'database.unavailable': { status: 503, who: 'admin', retry: 'later', title: 'The database does not answer' },
  'temporal.unavailable': { status: 503, who: 'admin', retry: 'later', title: 'Temporal does not answer' },
  internal: { status: 500, who: 'developer', retry: 'later', title: 'Something went wrong on our side' },
} as const satisfies Record<string, CodeMeaning>;

export interface CodeMeaning {
  status: number;
  who: 'caller' | 'builder' | 'operator' | 'admin' | 'developer' | 'nobody';
  retry: 'never' | 'later' | 'ambiguous';
  title: string;
}
export type ErrorCode = keyof typeof codes;
