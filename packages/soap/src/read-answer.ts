import { say } from '@holdfast/errors';
import type { JsonObject, JsonValue, SoapCall } from '@holdfast/node-kit';
import { envelopeNs, securityNs } from './namespaces.ts';
import { childOf, parseXml, readQName, XmlProblem, type XmlElement } from './parse-xml.ts';
import { readElement } from './read-value.ts';

export interface Fault {
  /** `client`: our request was wrong. `server`: it could not do it. `security`: it does not accept who we are. `other`: a code of its own. */
  blames: 'client' | 'server' | 'security' | 'other';
  /** As it stands there, without its prefix: `Client`, `Sender`, `Server.Busy`. */
  code: string;
  /** The more exact one of 1.2; empty for none. */
  subcode: string;
  reason: string;
  detail: JsonValue;
  /** It carries one of the faults that the service itself declares: it says no, whomever its code blames. */
  isDeclared: boolean;
}

export type Answer = { result: JsonValue } | { fault: Fault };

/** What is known of the answer. */
type Described = Pick<SoapCall, 'types' | 'output' | 'faults'>;

/** What came back, as text. Throws XmlProblem when it is no SOAP. */
export function readAnswer(call: Described, text: string): Answer {
  const root = parseXml(text);
  const version = (['1.1', '1.2'] as const).find((each) => root.ns === envelopeNs[each]);
  if (root.name !== 'Envelope' || version === undefined)
    throw new XmlProblem(say`its outermost element is "${root.name}", not an envelope of SOAP`);
  const body = childOf(root, envelopeNs[version], 'Body');
  if (!body) throw new XmlProblem('its envelope has no body');
  const fault = childOf(body, envelopeNs[version], 'Fault');
  if (fault) return { fault: version === '1.1' ? faultOf11(call, fault) : faultOf12(call, fault) };
  const [element] = body.children;
  if (!element) return { result: null };
  const isExpected = call.output?.name === element.name;
  const result = readElement(call.types, element, isExpected ? call.output : null);
  // An answer in one simple element is an object all the same: steps read it by its name.
  return { result: result !== null && typeof result === 'object' && !Array.isArray(result) ? result : { [element.name]: result } };
}

const named = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find((child) => child.name === name);
const textOf = (element: XmlElement | undefined): string => element?.text.replaceAll(/\s+/g, ' ').trim() ?? '';

function faultOf11(call: Described, fault: XmlElement): Fault {
  const code = named(fault, 'faultcode');
  const qualified = codeOf(code);
  return {
    blames: blamed(qualified, ''),
    code: qualified.name,
    subcode: '',
    reason: textOf(named(fault, 'faultstring')).slice(0, 2_000),
    ...detailOf(call, named(fault, 'detail')),
  };
}

function faultOf12(call: Described, fault: XmlElement): Fault {
  const code = named(fault, 'Code');
  const qualified = codeOf(named(code, 'Value'));
  const subcode = codeOf(named(named(code, 'Subcode'), 'Value'));
  const texts = named(fault, 'Reason')?.children.filter(({ name }) => name === 'Text') ?? [];
  const english = texts.find(({ attributes }) => attributes.some(({ name, value }) => name === 'lang' && value.startsWith('en')));
  return {
    blames: isSecurity(subcode) ? 'security' : blamed(qualified, subcode.name),
    code: qualified.name,
    subcode: subcode.name,
    reason: textOf(english ?? texts[0]).slice(0, 2_000),
    ...detailOf(call, named(fault, 'Detail')),
  };
}

interface Code {
  ns: string;
  name: string;
}

/** Codes should have a declared prefix; many servers forget it. */
function codeOf(element: XmlElement | undefined): Code {
  if (!element) return { ns: '', name: '' };
  try {
    return readQName(element, textOf(element));
  } catch {
    return { ns: '', name: textOf(element).split(':').at(-1) ?? '' };
  }
}

const isSecurity = ({ ns, name }: Code): boolean =>
  ns === securityNs ||
  /^(FailedAuthentication|InvalidSecurity|InvalidSecurityToken|FailedCheck|SecurityTokenUnavailable|MessageExpired|AuthenticationFail(ure|ed)?)$/i.test(
    name,
  );

function blamed(code: Code, subcode: string): Fault['blames'] {
  if (isSecurity(code) || /authentication/i.test(subcode) || /^(Client|Sender)\.Authentication/i.test(code.name)) return 'security';
  // 1.1 makes its codes more exact behind a dot.
  const [first = ''] = code.name.split('.');
  if (['Client', 'Sender', 'MustUnderstand', 'VersionMismatch', 'DataEncodingUnknown'].includes(first)) return 'client';
  return ['Server', 'Receiver'].includes(first) ? 'server' : 'other';
}

function detailOf(call: Described, detail: XmlElement | undefined): Pick<Fault, 'detail' | 'isDeclared'> {
  if (!detail) return { detail: null, isDeclared: false };
  const isDeclared = detail.children.some((child) =>
    call.faults.some(({ name, ns }) => name === child.name && (ns === undefined || ns === child.ns)),
  );
  return { detail: withoutTraces(readElement([], detail, null)), isDeclared };
}

/** Stack traces of the service are long, and tell nobody anything here. */
function withoutTraces(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return typeof value === 'string' ? value.slice(0, 4_000) : value;
  const kept = Object.entries(value).filter(([name]) => !/^stack-?trace$/i.test(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutTraces(each)])) as JsonObject; // entries of an object of JSON
}
