import type { CheckWorld, ConfigFinding } from '@holdfast/node-kit';

interface Settings {
  proof: 'none' | 'standard' | 'hmac' | 'basic' | 'bearer' | 'header';
  credential?: string | undefined;
  signedText: string;
  messageId?: string | undefined;
  timestampHeader?: string | undefined;
  respond: 'now' | 'result' | 'template';
  answer?: string | undefined;
  answerHeaders: Record<string, string>;
}

/** The kind of credential that each proof needs, and what to say when it is another. */
const secrets = {
  standard: { kind: 'signing', fix: 'Choose a signing key, or add one under Connections.' },
  hmac: { kind: 'signing', fix: 'Choose a signing key, or add one under Connections.' },
  basic: { kind: 'basic', fix: 'Choose a user name with its password, or add one under Connections.' },
  bearer: { kind: 'bearer', fix: 'Choose a bearer token, or add one under Connections.' },
  header: { kind: 'header', fix: 'Choose a header with its key, or add one under Connections.' },
} as const;

/** What a flow may not decide about an answer that comes from our own origin. */
const keptHeaders =
  /^(content-(type|length|encoding|security-policy)|transfer-encoding|connection|keep-alive|upgrade|trailer|te|date|host|set-cookie2?|strict-transport-security|clear-site-data|x-(content-type-options|frame-options|request-id|holdfast-.*)|access-control-.*|service-worker-allowed|alt-svc|proxy-.*|www-authenticate)$/i;

export function checkWebhook(config: Settings, world: CheckWorld): ConfigFinding[] {
  return [...checkProof(config, world), ...checkAnswer(config)];
}

function checkProof({ proof, credential, signedText, messageId, timestampHeader }: Settings, world: CheckWorld): ConfigFinding[] {
  if (proof === 'none')
    return [
      {
        field: 'proof',
        severity: 'warning',
        reason: 'Whoever knows the address can start this flow.',
        fix: 'Choose how callers prove who they are, if the other system can do that.',
      },
    ];
  const { kind, fix } = secrets[proof];
  const error = (field: string, reason: string, how: string = fix): ConfigFinding => ({ field, severity: 'error', reason, fix: how });
  const findings: ConfigFinding[] = [];
  const known = world.credentials.find(({ id }) => id === credential);
  if (credential === undefined || credential === '') findings.push(error('credential', 'The secret that callers have is missing.'));
  else if (!known) findings.push(error('credential', 'The chosen secret does not exist any more.'));
  // Where nothing is known about the workspace, a name stands for its kind too.
  else if (known.kind !== kind && known.kind !== known.id) findings.push(error('credential', 'The chosen secret is of another kind.'));
  if (proof === 'hmac' && signedText.includes('{id}') && (messageId ?? 'body').startsWith('body'))
    findings.push(
      error('signedText', '{id} is signed, but no header brings it.', 'Write that header where the message’s id is asked for.'),
    );
  if (proof === 'hmac' && timestampHeader && !signedText.includes('{timestamp}'))
    findings.push(
      error(
        'timestampHeader',
        'The time is not part of what is signed, so whoever recorded a call could send it again with a new one.',
        'Write {timestamp} into what is signed, or leave this header empty.',
      ),
    );
  return findings;
}

function checkAnswer({ respond, answer = '', answerHeaders }: Settings): ConfigFinding[] {
  if (respond === 'result') return [];
  const findings: ConfigFinding[] = [];
  if (respond === 'template' && answer.trim() === '')
    findings.push({
      field: 'answer',
      severity: 'error',
      reason: 'The text of the answer is missing.',
      fix: 'Write it, or answer with the result of the run.',
    });
  if (respond === 'now' && /\{[{%][^{}]*\bnodes\b/.test(answer))
    findings.push({
      field: 'answer',
      severity: 'error',
      reason: 'What is answered at once can’t hold what later steps give.',
      fix: 'Answer when the run has ended, or use only what the caller sent.',
    });
  if (Object.keys(answerHeaders).some((name) => keptHeaders.test(name)))
    findings.push({
      field: 'answerHeaders',
      severity: 'error',
      reason: 'One of these headers is not for a flow to set.',
      fix: 'Remove it: cookies, the content type, and what protects browsers are set by Holdfast.',
    });
  return findings;
}
