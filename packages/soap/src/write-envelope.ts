import { escapeXml, type JsonValue, type SoapCall } from '@holdfast/node-kit';
import { addressingNs, envelopeNs } from './namespaces.ts';
import { writeBody } from './write-body.ts';

/** Stands in an envelope where egress writes who we are, beneath the step: values are escaped, so none of them can be it. */
export const securityMark = '<!--holdfast:security-->';

export interface EnvelopeRequest {
  headers: Record<string, string>;
  body: string;
}

interface Options {
  version: '1.1' | '1.2';
  /** WS-Addressing: who asks for what, under an id that is the same for every attempt. */
  messageId?: string | undefined;
  to: string;
}

/** A call as it is sent. Throws step.config (see `writeBody`). */
export function writeEnvelope(call: SoapCall, value: JsonValue, { version, messageId, to }: Options): EnvelopeRequest {
  const addressing =
    messageId === undefined
      ? ''
      : `<wsa:Action xmlns:wsa="${addressingNs}">${escapeXml(call.action)}</wsa:Action><wsa:MessageID xmlns:wsa="${addressingNs}">${escapeXml(messageId)}</wsa:MessageID><wsa:To xmlns:wsa="${addressingNs}">${escapeXml(to)}</wsa:To>`;
  const { namespaces, xml } = writeBody(call, value);
  return {
    headers:
      version === '1.1'
        ? { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${asHeader(call.action)}"` }
        : { 'content-type': `application/soap+xml; charset=utf-8${call.action === '' ? '' : `; action="${asHeader(call.action)}"`}` },
    body: `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${envelopeNs[version]}"><soap:Header>${securityMark}${addressing}</soap:Header><soap:Body${namespaces}>${xml}</soap:Body></soap:Envelope>`,
  };
}

const asHeader = (action: string): string => action.replaceAll(/["\\\r\n]/g, '');
