const ns = 'urn:harbour-erp:orders:v1';

const operation = (name: string): string => `
    <wsdl:operation name="${name}">
      <wsdl:input message="tns:${name}Request"/><wsdl:output message="tns:${name}Response"/><wsdl:fault name="refusal" message="tns:RefusalFault"/>
    </wsdl:operation>`;
const messages = (name: string): string => `
  <wsdl:message name="${name}Request"><wsdl:part name="parameters" element="tns:${name}"/></wsdl:message>
  <wsdl:message name="${name}Response"><wsdl:part name="parameters" element="tns:${name}Response"/></wsdl:message>`;
const bound =
  (soap: string) =>
  (name: string): string =>
    `
    <wsdl:operation name="${name}">
      <${soap}:operation soapAction="${ns}/${name}" style="document"/>
      <wsdl:input><${soap}:body use="literal"/></wsdl:input><wsdl:output><${soap}:body use="literal"/></wsdl:output>
      <wsdl:fault name="refusal"><${soap}:fault name="refusal" use="literal"/></wsdl:fault>
    </wsdl:operation>`;
const operations = ['GetCustomer', 'GetStock', 'CreateOrder', 'FindOrder'];

/** What the ERP says of itself: SOAP 1.1 at /soap11 and 1.2 at /soap12, document/literal. */
export const erpWsdl = (url: string): string => `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions name="HarbourErp" targetNamespace="${ns}" xmlns:tns="${ns}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
  <wsdl:types>
    <xsd:schema targetNamespace="${ns}" elementFormDefault="qualified">
      <xsd:element name="GetCustomer"><xsd:complexType><xsd:sequence>
        <xsd:element name="number" type="xsd:string"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="GetCustomerResponse"><xsd:complexType><xsd:sequence>
        <xsd:element name="customer" type="tns:Customer"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="GetStock"><xsd:complexType><xsd:sequence>
        <xsd:element name="sku" type="xsd:string" maxOccurs="unbounded"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="GetStockResponse"><xsd:complexType><xsd:sequence>
        <xsd:element name="stock" type="tns:Stock" minOccurs="0" maxOccurs="unbounded"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="CreateOrder"><xsd:complexType><xsd:sequence>
        <xsd:element name="clientOrderId" type="xsd:string"/>
        <xsd:element name="customer" type="xsd:string"/>
        <xsd:element name="delivery" type="tns:Delivery" minOccurs="0"/>
        <xsd:element name="lines" type="tns:Lines"/>
        <xsd:element name="note" type="xsd:string" minOccurs="0"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="CreateOrderResponse"><xsd:complexType><xsd:sequence>
        <xsd:element name="orderNumber" type="xsd:string"/>
        <xsd:element name="total" type="xsd:decimal"/>
        <xsd:element name="wasThere" type="xsd:boolean"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="FindOrder"><xsd:complexType><xsd:sequence>
        <xsd:element name="clientOrderId" type="xsd:string"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="FindOrderResponse"><xsd:complexType><xsd:sequence>
        <xsd:element name="orderNumber" type="xsd:string" minOccurs="0" maxOccurs="unbounded"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:element name="Refusal"><xsd:complexType><xsd:sequence>
        <xsd:element name="code" type="xsd:string"/>
        <xsd:element name="sku" type="xsd:string" minOccurs="0"/>
      </xsd:sequence></xsd:complexType></xsd:element>
      <xsd:complexType name="Customer"><xsd:sequence>
        <xsd:element name="number" type="xsd:string"/>
        <xsd:element name="name" type="xsd:string"/>
        <xsd:element name="creditLimit" type="xsd:decimal"/>
      </xsd:sequence></xsd:complexType>
      <xsd:complexType name="Stock"><xsd:sequence>
        <xsd:element name="sku" type="xsd:string"/>
        <xsd:element name="available" type="xsd:int"/>
      </xsd:sequence></xsd:complexType>
      <xsd:complexType name="Delivery"><xsd:sequence>
        <xsd:element name="way"><xsd:simpleType><xsd:restriction base="xsd:string">
          <xsd:enumeration value="ship"/><xsd:enumeration value="pick-up"/>
        </xsd:restriction></xsd:simpleType></xsd:element>
        <xsd:element name="day" type="xsd:date" minOccurs="0"/>
      </xsd:sequence></xsd:complexType>
      <xsd:complexType name="Lines"><xsd:sequence>
        <xsd:element name="line" type="tns:Line" maxOccurs="unbounded"/>
      </xsd:sequence></xsd:complexType>
      <xsd:complexType name="Line"><xsd:sequence>
        <xsd:element name="sku" type="xsd:string"/>
        <xsd:element name="quantity" type="xsd:int"/>
      </xsd:sequence></xsd:complexType>
    </xsd:schema>
  </wsdl:types>${operations.map(messages).join('')}
  <wsdl:message name="RefusalFault"><wsdl:part name="detail" element="tns:Refusal"/></wsdl:message>
  <wsdl:portType name="Orders">${operations.map(operation).join('')}
  </wsdl:portType>
  <wsdl:binding name="OrdersSoap11" type="tns:Orders">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${operations.map(bound('soap')).join('')}
  </wsdl:binding>
  <wsdl:binding name="OrdersSoap12" type="tns:Orders">
    <soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>${operations.map(bound('soap12')).join('')}
  </wsdl:binding>
  <wsdl:service name="HarbourErp">
    <wsdl:port name="Orders11" binding="tns:OrdersSoap11"><soap:address location="${url}/soap11"/></wsdl:port>
    <wsdl:port name="Orders12" binding="tns:OrdersSoap12"><soap12:address location="${url}/soap12"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
