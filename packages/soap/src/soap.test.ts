import type { JsonValue, SoapCall } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { readAnswer } from './read-answer.ts';
import { readText } from './read-value.ts';
import { asmx, cxf, cxfSchema, navision, rpc, sap, wcf } from './test/wsdls.ts';
import { writeEnvelope } from './write-envelope.ts';
import { readWsdl } from './wsdl/read-wsdl.ts';

const bundle = `<?holdfast-file name="orders.wsdl"?>${cxf}<?holdfast-file name="orders.xsd"?>${cxfSchema}`;

interface Case {
  wsdl: string;
  fields: string[];
  values: JsonValue;
  /** What stands in the body. */
  sent: string;
  came: string;
  result: JsonValue;
}

const cases: Record<string, Case> = {
  'an RFC function of SAP': {
    wsdl: sap,
    fields: ['IV_CUSTOMER text!', 'IV_TEST boolean', 'IT_LINES.item json'],
    values: { IT_LINES: [{ MENGE: '2.500', MATNR: 'A<1' }], IV_TEST: 'yes', IV_CUSTOMER: '0000012345' },
    sent: ' xmlns:n1="urn:sap-com:document:sap:rfc:functions"><n1:Z_CREATE_ORDER><IV_CUSTOMER>0000012345</IV_CUSTOMER><IV_TEST>true</IV_TEST><IT_LINES><item><MATNR>A&lt;1</MATNR><MENGE>2.500</MENGE></item></IT_LINES></n1:Z_CREATE_ORDER>',
    came: '<n0:Z_CREATE_ORDER.Response xmlns:n0="urn:sap-com:document:sap:rfc:functions"><EV_NUMBER>4711</EV_NUMBER><IT_LINES><item><MATNR>A</MATNR><MENGE>2.500</MENGE></item></IT_LINES></n0:Z_CREATE_ORDER.Response>',
    result: { EV_NUMBER: 4711, IT_LINES: { item: [{ MATNR: 'A', MENGE: 2.5 }] } },
  },
  'a page of Dynamics NAV': {
    wsdl: navision,
    fields: [
      'SalesOrder.Key text',
      'SalesOrder.No text',
      'SalesOrder.Order_Date text',
      'SalesOrder.Status text {Open,_blank_}',
      'SalesOrder.SalesLines.Sales_Line json',
    ],
    values: { SalesOrder: { Order_Date: '2026-11-23T10:00:00Z', SalesLines: [{ No: '1000', Quantity: 1e21 }] } },
    sent: ' xmlns:n1="urn:microsoft-dynamics-schemas/page/salesorder"><n1:Create><n1:SalesOrder><n1:Order_Date>2026-11-23</n1:Order_Date><n1:SalesLines><n1:Sales_Line><n1:No>1000</n1:No><n1:Quantity>1000000000000000000000</n1:Quantity></n1:Sales_Line></n1:SalesLines></n1:SalesOrder></n1:Create>',
    came: '<Create_Result xmlns="urn:microsoft-dynamics-schemas/page/salesorder"><SalesOrder><Key>k;1</Key><No>SO-1</No><Extra>kept</Extra></SalesOrder></Create_Result>',
    result: { SalesOrder: { Key: 'k;1', No: 'SO-1', Extra: 'kept' } },
  },
  'an asmx page of .NET': {
    wsdl: asmx,
    fields: ['skus.string json', 'list integer!', 'until text'],
    values: { skus: ['A', null, 'B'], list: ' 7 ' },
    sent: ' xmlns:n1="http://tempuri.org/" xmlns:n2="http://www.w3.org/2001/XMLSchema-instance"><n1:Price><n1:skus><n1:string>A</n1:string><n1:string n2:nil="true"></n1:string><n1:string>B</n1:string></n1:skus><n1:list>7</n1:list><n1:until n2:nil="true"></n1:until></n1:Price>',
    came: '<PriceResponse xmlns="http://tempuri.org/"><PriceResult><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" id="D"/><d:diffgram xmlns:d="urn:x"><Prices xmlns=""><P id="1">9.5</P><P id="2"/></Prices></d:diffgram></PriceResult></PriceResponse>',
    result: {
      PriceResult: {
        schema: { id: 'D', value: '' },
        diffgram: {
          Prices: {
            P: [
              { id: '1', value: '9.5' },
              { id: '2', value: '' },
            ],
          },
        },
      },
    },
  },
  'a service of CXF with its schema beside it': {
    wsdl: bundle,
    fields: ['order.id text', 'order.email text', 'order.phone text', 'order.total json', 'order.gift boolean'],
    values: { order: { phone: '+254 700', total: { value: '9.90', currency: 'K"ES' }, '@id': 'c1' } },
    sent: ' xmlns:n1="http://orders.example.com/"><n1:createOrder><order id="c1" source="flow"><phone>+254 700</phone><total currency="K&quot;ES">9.90</total></order></n1:createOrder>',
    came: '<ns2:createOrderResponse xmlns:ns2="http://orders.example.com/"><return><name>a</name><child><name>b</name></child></return></ns2:createOrderResponse>',
    result: { return: [{ name: 'a', child: [{ name: 'b', child: [] }] }] },
  },
  'a service of WCF with types of three namespaces': {
    wsdl: wcf,
    fields: ['order.ClientId text', 'order.Lines.Line json', 'order.Remark text', 'note text'],
    values: { note: 'a & b', order: { Lines: { Line: [{ Qty: 1, Sku: 'A' }] }, Remark: 'hi', ClientId: 'c1' } },
    sent: ' xmlns:n1="urn:orders" xmlns:n2="http://schemas.example.com/data" xmlns:n3="http://schemas.example.com/common"><n1:Create><n1:order><ClientId>c1</ClientId><n2:Lines><n2:Line><n2:Sku>A</n2:Sku><n2:Qty>1</n2:Qty></n2:Line></n2:Lines><n3:Remark>hi</n3:Remark></n1:order><n1:note>a &amp; b</n1:note></n1:Create>',
    came: '<CreateResponse xmlns="urn:orders"><CreateResult>9007199254740993</CreateResult><Total>12345678901234567.89</Total></CreateResponse>',
    result: { CreateResult: '9007199254740993', Total: '12345678901234567.89' },
  },
  'a service of Axis in rpc style': {
    wsdl: rpc('literal'),
    fields: ['who.name text!', 'times integer!'],
    values: { times: 2, who: { name: 'Ana' } },
    sent: ' xmlns:n1="urn:axis:calls"><n1:greet><who><name>Ana</name></who><times>2</times></n1:greet>',
    came: '<ns1:greetResponse xmlns:ns1="urn:axis:calls"><greetReturn xmlns=""> Hello </greetReturn></ns1:greetResponse>',
    result: { greetReturn: ' Hello ' },
  },
};

const first = (wsdl: string): SoapCall => {
  const [operation] = readWsdl(wsdl).operations;
  if (!operation) throw new Error('It has no operation.');
  return operation.call;
};
const versionNs = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' } as const;

test.each(Object.entries(cases))('%s is asked in its own words, and understood', (_name, { wsdl, fields, values, sent, came, result }) => {
  const call = first(wsdl);
  expect(
    call.fields.map(
      ({ name, type, required, enum: values_ }) => `${name} ${type}${required ? '!' : ''}${values_ ? ` {${values_.join(',')}}` : ''}`,
    ),
  ).toEqual(fields);
  const { body } = writeEnvelope(call, values, { version: call.version, to: call.address });
  expect(body.slice(body.indexOf('<soap:Body') + '<soap:Body'.length, body.indexOf('</soap:Body>'))).toBe(sent);
  expect(
    readAnswer(
      call,
      `<?xml version="1.0"?><e:Envelope xmlns:e="${versionNs[call.version]}"><e:Header/><e:Body>${came}</e:Body></e:Envelope>`,
    ),
  ).toEqual({ result });
});

test('what a document offers is told: where, in which version, with which faults, and what is left out', () => {
  expect(readWsdl(asmx)).toMatchObject({
    name: 'Shop',
    addresses: [{ url: 'http://asmx.test/Shop.asmx' }],
    operations: [{ call: { version: '1.1', action: 'http://tempuri.org/Price' } }],
  });
  expect(readWsdl(asmx).notes).toEqual(['The port "ShopHttpGet" is not called by SOAP over HTTP.']);
  expect(readWsdl(bundle).operations).toMatchObject([
    {
      summary: 'createOrder of this service.',
      call: { version: '1.2', faults: [{ name: 'OrderException', ns: 'http://orders.example.com/' }] },
    },
  ]);
  const encoded = readWsdl(rpc('encoded'));
  expect(encoded.operations.map(({ call }) => [call.title, call.oneWay])).toEqual([['forget', true]]);
  expect(encoded.notes).toEqual([expect.stringMatching(/"greet" is left out: .*rpc\/encoded/)]);
});

test('a step keeps only the types that its own messages need', () => {
  expect(first(wcf).types).toHaveLength(5);
  expect(first(rpc('literal')).types).toHaveLength(3);
});

test.each([
  [
    'a number that is none',
    sap,
    { IV_CUSTOMER: 'x', IT_LINES: [{ MATNR: 'a', MENGE: 'two' }] },
    /IT_LINES › item › 1 › MENGE.*not a number: "two"/,
  ],
  ['a value that is missing', sap, { IT_LINES: [] }, /"IV_CUSTOMER" is needed/],
  ['a name that the service does not know', navision, { SalesOrder: { Nummer: '1' } }, /"SalesOrder › Nummer" is not known .*Key, No/],
  ['one of the values it does not take', navision, { SalesOrder: { Status: 'Closed' } }, /none of Open, _blank_: "Closed"/],
  ['a day that is none', navision, { SalesOrder: { Order_Date: '23.11.2026' } }, /not a date/],
  ['a list without items', navision, { SalesOrder: { SalesLines: {} } }, /Sales_Line" needs at least one item/],
  ['a text for an object', wcf, { order: 'all of it' }, /takes an object/],
  ['an attribute that is missing', bundle, { order: { total: { value: 1, currency: 'X' }, email: 'a' } }, /"order › id" is needed/],
])('%s is refused before anything is sent', (_name, wsdl, values, words) => {
  const call = first(wsdl);
  expect(() => writeEnvelope(call, values as JsonValue, { version: '1.1', to: '' })).toThrow(
    expect.objectContaining({ code: 'step.config', detail: expect.stringMatching(words) }),
  );
});

test('values stay values, whatever they hold', () => {
  const nasty = ']]></n1:note><x/><!--holdfast:security--> &amp; \u0000\u001F\uD800 \r\n end';
  const { body } = writeEnvelope(first(wcf), { note: nasty }, { version: '1.2', to: 'x' });
  expect(body.match(/<!--holdfast:security-->/g)).toHaveLength(1);
  expect(body).toContain(']]&gt;&lt;/n1:note&gt;&lt;x/&gt;&lt;!--holdfast:security--&gt; &amp;amp; \uFFFD\uFFFD\uFFFD &#13;\n end');
});

const envelope = (version: '1.1' | '1.2', fault: string) =>
  `<s:Envelope xmlns:s="${versionNs[version]}" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><s:Body><s:Fault>${fault}</s:Fault></s:Body></s:Envelope>`;
const v12 = (code: string, sub: string, more = '') =>
  envelope(
    '1.2',
    `<s:Code><s:Value>s:${code}</s:Value>${sub === '' ? '' : `<s:Subcode><s:Value>${sub}</s:Value></s:Subcode>`}</s:Code><s:Reason><s:Text xml:lang="de">nein</s:Text><s:Text xml:lang="en">no</s:Text></s:Reason>${more}`,
  );
test.each([
  [
    'Client',
    envelope('1.1', '<faultcode>s:Client</faultcode><faultstring>no</faultstring>'),
    { blames: 'client', code: 'Client', reason: 'no', detail: null },
  ],
  [
    'Client.Authentication',
    envelope('1.1', '<faultcode>Client.Authentication</faultcode><faultstring>no</faultstring>'),
    { blames: 'security' },
  ],
  [
    'Server',
    envelope('1.1', '<faultcode>x:Server.Busy</faultcode><faultstring>no</faultstring>'),
    { blames: 'server', code: 'Server.Busy' },
  ],
  ['a code of its own', envelope('1.1', '<faultcode>1234</faultcode><faultstring>no</faultstring>'), { blames: 'other', code: '1234' }],
  [
    'a declared one',
    envelope(
      '1.1',
      '<faultcode>s:Server</faultcode><faultstring>no</faultstring><detail><o:OrderException xmlns:o="http://orders.example.com/"><message>x</message><stackTrace>at a.b</stackTrace></o:OrderException></detail>',
    ),
    { blames: 'server', isDeclared: true, detail: { OrderException: { message: 'x' } } },
  ],
  ['WS-Security', envelope('1.1', '<faultcode>wsse:InvalidSecurity</faultcode><faultstring>no</faultstring>'), { blames: 'security' }],
  ['Sender', v12('Sender', ''), { blames: 'client', code: 'Sender', reason: 'no' }],
  ['Sender with WS-Security', v12('Sender', 'wsse:FailedAuthentication'), { blames: 'security', subcode: 'FailedAuthentication' }],
  ['Receiver', v12('Receiver', '', '<s:Detail><a>1</a><a>2</a></s:Detail>'), { blames: 'server', detail: { a: ['1', '2'] } }],
])('a fault is read: %s', (_name, text, fault) => {
  expect(readAnswer(first(bundle), text)).toMatchObject({ fault });
});

const wrapped = (schema: string, element = 't:A') =>
  `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"><types><x:schema targetNamespace="urn:t">${schema}</x:schema></types><message name="m"><part name="p" element="${element}"/></message><portType name="P"><operation name="o"><input message="t:m"/></operation></portType><binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="o"><s:operation soapAction=""/><input><s:body use="literal"/></input></operation></binding><service name="S"><port name="p" binding="t:B"><s:address location="http://x.test/"/></port></service></definitions>`;
const group = (name: string, inner: string) =>
  `<x:group name="${name}"><x:sequence>${`<x:group ref="t:${inner}"/>`.repeat(10)}</x:sequence></x:group>`;
test.each([
  ['a file of this machine', `<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>${sap.replace(/<\?xml.*?\?>/, '')}`, /DOCTYPE/],
  ['a billion laughs', `<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>`, /DOCTYPE/],
  ['an entity that nobody declared', '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">&e;</definitions>', /entity/],
  ['half of it', sap.slice(0, 900), /line/],
  ['a schema of another place', cxf, /"http:\/\/cxf\.test\/orders\?xsd=orders\.xsd", which did not come with it/],
  [
    'a schema that is a file of this machine',
    wcf.replace('<xs:import namespace="http://schemas.example.com/data"/>', '<xs:include schemaLocation="file:///etc/passwd"/>'),
    /"file:\/\/\/etc\/passwd", which did not come/,
  ],
  [
    'a WSDL of another place',
    wrapped('').replace('<types>', '<import namespace="urn:o" location="http://169.254.169.254/o.wsdl"/><types>'),
    /169\.254\.169\.254/,
  ],
  ['a web page', '<html><body>Sign in</body></html>', /web page/],
  ['a WSDL 2.0', '<description xmlns="http://www.w3.org/ns/wsdl"/>', /2\.0/],
  ['a schema alone', cxfSchema, /together with its WSDL/],
  [
    'groups within groups',
    wrapped(
      `${group('a', 'b')}${group('b', 'c')}${group('c', 'd')}${group('d', 'e')}${group('e', 'f')}${group('f', 'g')}<x:group name="g"><x:sequence/></x:group><x:element name="A"><x:complexType><x:group ref="t:a"/></x:complexType></x:element>`,
    ),
    /more pieces/,
  ],
  [
    'a group within itself',
    wrapped(
      `<x:group name="a"><x:sequence><x:group ref="t:a"/></x:sequence></x:group><x:element name="A"><x:complexType><x:group ref="t:a"/></x:complexType></x:element>`,
    ),
    /hold each other/,
  ],
  [
    'a type made of itself',
    wrapped(
      `<x:complexType name="T"><x:complexContent><x:extension base="t:T"/></x:complexContent></x:complexType><x:element name="A" type="t:T"/>`,
    ),
    /made of itself/,
  ],
  ['a type that is nowhere', wrapped('<x:element name="A" type="t:Gone"/>'), /"Gone" of urn:t/],
  ['a prefix that stands for nothing', wrapped('<x:element name="A" type="q:T"/>'), /prefix "q"/],
  ['elements within elements', `<a>`.repeat(200), /nested more than/],
])('a document is refused in words, and nothing is fetched: %s', (_name, text, words) => {
  const refusal = (): unknown => {
    try {
      const read = readWsdl(text);
      return read.operations.length === 0 ? read.notes.join(' ') : 'it was read';
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
  expect(refusal()).toMatch(words);
});

test('what is no SOAP is told from what is', () => {
  const call = first(wcf);
  for (const [text, words] of [
    ['<html/>', /"html", not an envelope/],
    ['{"a":1}', /line 1/],
    ['', /document|empty|root/i],
    [`<e:Envelope xmlns:e="${versionNs['1.1']}"/>`, /no body/],
  ] as const)
    expect(() => readAnswer(call, text)).toThrow(words);
});

test('an answer whose elements all have names of their own is read in one pass', () => {
  const count = 60_000;
  const inner = Array.from({ length: count }, (_, nth) => `<n${nth}>${nth}</n${nth}>`).join('');
  const read = readAnswer(first(wcf), `<e:Envelope xmlns:e="${versionNs['1.1']}"><e:Body><All>${inner}</All></e:Body></e:Envelope>`);
  const result = 'result' in read && typeof read.result === 'object' ? Object.entries(read.result ?? {}) : [];
  expect([result.length, result.at(-1)]).toEqual([count, [`n${count - 1}`, `${count - 1}`]]);
});

test('a number of megabytes is a text, and read at once', () => {
  const long = `${'e'.repeat(1_000_000)}\n1`;
  expect(readText(long, 'decimal')).toBe(long);
  expect(readText('1e3', 'double')).toBe(1_000);
});
