import type { ResolvedCredential } from './credential.ts';
import { hmacHeaders } from './sign-hmac.ts';
import { s3Headers, type S3Call } from './sign-s3.ts';

/** Whether its calls carry a signature of each of them: good for one address and one moment. */
export const signsCalls = (credential: ResolvedCredential | undefined): credential is ResolvedCredential =>
  credential?.kind === 's3' || credential?.kind === 'hmac';

/** The headers that prove one attempt; made last, when nothing of it changes any more. */
export const signatureOf = async (credential: ResolvedCredential, call: S3Call): Promise<Record<string, string>> =>
  credential.kind === 's3' ? s3Headers(credential, call) : hmacHeaders(credential, call);
