import { soapCall } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { readDescription } from '../read-description.ts';

const schema =
  '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"><x:element name="Ask"><x:complexType><x:sequence><x:element name="number" type="x:int"/></x:sequence></x:complexType></x:element></x:schema>';
const wsdl = `\uFEFF<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
  <types><x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:import namespace="urn:t" schemaLocation="http://10.0.0.1/types/ask.xsd"/></x:schema></types>
  <message name="m"><part name="p" element="t:Ask"/></message>
  <portType name="Desk"><operation name="Ask"><documentation>Asks for a number.</documentation><input message="t:m"/></operation></portType>
  <binding name="B" type="t:Desk"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Ask"><s:operation soapAction="ask"/><input><s:body use="literal"/></input></operation></binding>
  <service name="Help desk"><port name="P" binding="t:B"><s:address location="http://desk.test/soap"/></port></service>
  <Policy><UsernameToken/></Policy>
</definitions>`;
const read = (text: string) => readDescription(new TextEncoder().encode(text), { sourceUrl: null });

test('a WSDL that refers to another file says which, and is read when that file comes with it', async () => {
  await expect(read(wsdl)).rejects.toMatchObject({
    code: 'service.document',
    detail: expect.stringContaining('"http://10.0.0.1/types/ask.xsd"'),
    hint: expect.stringContaining('together'),
  });
  const { operations, ...description } = await read(
    `<?holdfast-file name="desk.wsdl"?>\n${wsdl}\n<?holdfast-file name="ask.xsd"?>\n${schema}\n`,
  );
  expect(description).toEqual({
    kind: 'wsdl',
    name: 'Help desk',
    version: '',
    servers: [{ url: 'http://desk.test/soap', title: 'P' }],
    security: [{ name: 'UsernameToken', title: 'WS-Security UsernameToken', kinds: ['soap-username'] }],
    notes: [],
  });
  expect(operations).toMatchObject([
    {
      id: 'Desk.Ask',
      title: 'Ask',
      summary: 'Asks for a number.',
      group: '',
      input: [{ name: 'number', type: 'integer', required: true }],
      node: { type: 'soap', config: { values: {} } },
    },
  ]);
  // What a step keeps fits the step.
  expect(soapCall.parse(operations[0]?.node.config['operation'])).toMatchObject({ action: 'ask', oneWay: true });
});
