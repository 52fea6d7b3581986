// Written by us, in the manner of what these products generate.

const wsdl =
  'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"';

interface Bound {
  /** By operation: its action. */
  operations: Record<string, string>;
  soap?: 'soap' | 'soap12';
  address: string;
  fault?: string;
}

/** Messages, port type, binding and service of operations whose messages are one element each. */
const documentStyle = (
  { operations, soap = 'soap', address, fault }: Bound,
  response: (name: string) => string = (name) => `${name}Response`,
): string => {
  const names = Object.keys(operations);
  const faults = fault === undefined ? '' : `<wsdl:fault name="${fault}" message="tns:${fault}"/>`;
  return `
  ${names.map((name) => `<wsdl:message name="${name}In"><wsdl:part name="parameters" element="tns:${name}"/></wsdl:message><wsdl:message name="${name}Out"><wsdl:part name="parameters" element="tns:${response(name)}"/></wsdl:message>`).join('\n  ')}
  ${fault === undefined ? '' : `<wsdl:message name="${fault}"><wsdl:part name="fault" element="tns:${fault}"/></wsdl:message>`}
  <wsdl:portType name="Port">${names.map((name) => `<wsdl:operation name="${name}"><wsdl:documentation>${name} of this service.</wsdl:documentation><wsdl:input message="tns:${name}In"/><wsdl:output message="tns:${name}Out"/>${faults}</wsdl:operation>`).join('')}</wsdl:portType>
  <wsdl:binding name="Binding" type="tns:Port"><${soap}:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
  ${names.map((name) => `<wsdl:operation name="${name}"><${soap}:operation soapAction="${operations[name] ?? ''}"/><wsdl:input><${soap}:body use="literal"/></wsdl:input><wsdl:output><${soap}:body use="literal"/></wsdl:output></wsdl:operation>`).join('')}</wsdl:binding>
  <wsdl:service name="Service"><wsdl:port name="Port" binding="tns:Binding"><${soap}:address location="${address}"/></wsdl:port></wsdl:service>`;
};

/** An RFC function of SAP: unqualified names in capitals, tables of `item`, texts of a fixed length. */
export const sap = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions targetNamespace="urn:sap-com:document:sap:rfc:functions" xmlns:tns="urn:sap-com:document:sap:rfc:functions" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ${wsdl}>
  <wsdl:types><xsd:schema attributeFormDefault="qualified" targetNamespace="urn:sap-com:document:sap:rfc:functions">
    <xsd:simpleType name="char10"><xsd:restriction base="xsd:string"><xsd:maxLength value="10"/></xsd:restriction></xsd:simpleType>
    <xsd:simpleType name="quantum13.3"><xsd:restriction base="xsd:decimal"><xsd:totalDigits value="13"/><xsd:fractionDigits value="3"/></xsd:restriction></xsd:simpleType>
    <xsd:complexType name="ZLINE"><xsd:sequence><xsd:element name="MATNR" type="tns:char10"/><xsd:element name="MENGE" type="tns:quantum13.3"/></xsd:sequence></xsd:complexType>
    <xsd:complexType name="TABLE_OF_ZLINE"><xsd:sequence><xsd:element name="item" type="tns:ZLINE" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>
    <xsd:element name="Z_CREATE_ORDER"><xsd:complexType><xsd:all>
      <xsd:element name="IV_CUSTOMER" type="tns:char10"/>
      <xsd:element name="IV_TEST" type="xsd:boolean" minOccurs="0"/>
      <xsd:element name="IT_LINES" type="tns:TABLE_OF_ZLINE"/>
    </xsd:all></xsd:complexType></xsd:element>
    <xsd:element name="Z_CREATE_ORDER.Response"><xsd:complexType><xsd:all>
      <xsd:element name="EV_NUMBER" type="xsd:long"/>
      <xsd:element name="IT_LINES" type="tns:TABLE_OF_ZLINE"/>
    </xsd:all></xsd:complexType></xsd:element>
  </xsd:schema></wsdl:types>
  ${documentStyle({ operations: { Z_CREATE_ORDER: 'urn:sap-com:document:sap:rfc:functions:Z_CREATE_ORDER' }, address: 'https://sap.test/sap/bc/srt/rfc' }, (name) => `${name}.Response`)}
</wsdl:definitions>`;

/** A page of Dynamics NAV: qualified names, all optional, an enumeration, the record goes in and comes back. */
export const navision = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions targetNamespace="urn:microsoft-dynamics-schemas/page/salesorder" xmlns:tns="urn:microsoft-dynamics-schemas/page/salesorder" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ${wsdl}>
  <wsdl:types><xsd:schema elementFormDefault="qualified" targetNamespace="urn:microsoft-dynamics-schemas/page/salesorder">
    <xsd:simpleType name="Status"><xsd:restriction base="xsd:string"><xsd:enumeration value="Open"/><xsd:enumeration value="_blank_"/></xsd:restriction></xsd:simpleType>
    <xsd:complexType name="SalesOrder"><xsd:sequence>
      <xsd:element minOccurs="0" maxOccurs="1" name="Key" type="xsd:string"/>
      <xsd:element minOccurs="0" maxOccurs="1" name="No" type="xsd:string"/>
      <xsd:element minOccurs="0" maxOccurs="1" name="Order_Date" type="xsd:date"/>
      <xsd:element minOccurs="0" maxOccurs="1" name="Status" type="tns:Status"/>
      <xsd:element minOccurs="0" maxOccurs="1" name="SalesLines" type="tns:Sales_Lines_List"/>
    </xsd:sequence></xsd:complexType>
    <xsd:complexType name="Sales_Lines_List"><xsd:sequence><xsd:element minOccurs="1" maxOccurs="unbounded" name="Sales_Line" type="tns:Sales_Line"/></xsd:sequence></xsd:complexType>
    <xsd:complexType name="Sales_Line"><xsd:sequence><xsd:element minOccurs="0" name="No" type="xsd:string"/><xsd:element minOccurs="0" name="Quantity" type="xsd:decimal"/></xsd:sequence></xsd:complexType>
    <xsd:element name="Create"><xsd:complexType><xsd:sequence><xsd:element minOccurs="1" maxOccurs="1" name="SalesOrder" type="tns:SalesOrder"/></xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="Create_Result"><xsd:complexType><xsd:sequence><xsd:element minOccurs="1" maxOccurs="1" name="SalesOrder" type="tns:SalesOrder"/></xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema></wsdl:types>
  ${documentStyle({ operations: { Create: 'urn:microsoft-dynamics-schemas/page/salesorder:Create' }, address: 'https://nav.test/WS/Page/SalesOrder' }, (name) => `${name}_Result`)}
</wsdl:definitions>`;

/** .NET before WCF: both versions, plain HTTP beside them, numbers that can't be missing, a list in a list, a DataSet. */
export const asmx = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions targetNamespace="http://tempuri.org/" xmlns:tns="http://tempuri.org/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" ${wsdl}>
  <wsdl:types><s:schema elementFormDefault="qualified" targetNamespace="http://tempuri.org/">
    <s:element name="Price"><s:complexType><s:sequence>
      <s:element minOccurs="0" maxOccurs="1" name="skus" type="tns:ArrayOfString"/><s:element minOccurs="1" maxOccurs="1" name="list" type="s:int"/><s:element minOccurs="1" maxOccurs="1" name="until" nillable="true" type="s:dateTime"/>
    </s:sequence></s:complexType></s:element>
    <s:complexType name="ArrayOfString"><s:sequence><s:element minOccurs="0" maxOccurs="unbounded" name="string" nillable="true" type="s:string"/></s:sequence></s:complexType>
    <s:element name="PriceResponse"><s:complexType><s:sequence><s:element minOccurs="0" maxOccurs="1" name="PriceResult">
      <s:complexType><s:sequence><s:element ref="s:schema"/><s:any/></s:sequence></s:complexType></s:element></s:sequence></s:complexType></s:element>
  </s:schema></wsdl:types>
  <wsdl:message name="PriceSoapIn"><wsdl:part name="parameters" element="tns:Price"/></wsdl:message>
  <wsdl:message name="PriceSoapOut"><wsdl:part name="parameters" element="tns:PriceResponse"/></wsdl:message>
  <wsdl:portType name="ShopSoap"><wsdl:operation name="Price"><wsdl:input message="tns:PriceSoapIn"/><wsdl:output message="tns:PriceSoapOut"/></wsdl:operation></wsdl:portType>
  <wsdl:portType name="ShopHttpGet"/>
  <wsdl:binding name="ShopSoap12" type="tns:ShopSoap"><soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Price"><soap12:operation soapAction="http://tempuri.org/Price" style="document"/><wsdl:input><soap12:body use="literal"/></wsdl:input><wsdl:output><soap12:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
  <wsdl:binding name="ShopSoap" type="tns:ShopSoap"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Price"><soap:operation soapAction="http://tempuri.org/Price" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>
  <wsdl:binding name="ShopHttpGet" type="tns:ShopHttpGet"><http:binding verb="GET"/></wsdl:binding>
  <wsdl:service name="Shop">
    <wsdl:port name="ShopSoap12" binding="tns:ShopSoap12"><soap12:address location="http://asmx.test/Shop.asmx"/></wsdl:port>
    <wsdl:port name="ShopSoap" binding="tns:ShopSoap"><soap:address location="http://asmx.test/Shop.asmx"/></wsdl:port>
    <wsdl:port name="ShopHttpGet" binding="tns:ShopHttpGet"><http:address location="http://asmx.test/Shop.asmx"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>`;

/** The schema that the next one refers to, as CXF serves it beside the WSDL. */
export const cxfSchema = `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://orders.example.com/" targetNamespace="http://orders.example.com/" version="1.0">
  <xs:element name="createOrder" type="tns:createOrder"/>
  <xs:element name="createOrderResponse" type="tns:createOrderResponse"/>
  <xs:element name="OrderException" type="tns:OrderException"/>
  <xs:complexType name="createOrder"><xs:sequence><xs:element minOccurs="0" name="order" type="tns:order"/></xs:sequence></xs:complexType>
  <xs:complexType name="createOrderResponse"><xs:sequence><xs:element maxOccurs="unbounded" minOccurs="0" name="return" type="tns:category"/></xs:sequence></xs:complexType>
  <xs:complexType name="order"><xs:sequence>
    <xs:choice><xs:element name="email" type="xs:string"/><xs:element name="phone" type="xs:string"/></xs:choice>
    <xs:element name="total" type="tns:money"/>
    <xs:group ref="tns:extras"/>
  </xs:sequence><xs:attribute name="id" type="xs:string" use="required"/><xs:attributeGroup ref="tns:marks"/></xs:complexType>
  <xs:group name="extras"><xs:sequence><xs:element name="gift" type="xs:boolean" minOccurs="0"/></xs:sequence></xs:group>
  <xs:attributeGroup name="marks"><xs:attribute name="source" fixed="flow"/></xs:attributeGroup>
  <xs:complexType name="money"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="currency" type="xs:string" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="category"><xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="child" type="tns:category" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:complexType name="OrderException"><xs:sequence><xs:element name="message" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType>
</xs:schema>`;

/** Java with CXF: the schema in a file of its own, names unqualified, a choice, attributes, a type within itself, a declared fault. */
export const cxf = `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="OrderService" targetNamespace="http://orders.example.com/" xmlns:tns="http://orders.example.com/" xmlns:xs="http://www.w3.org/2001/XMLSchema" ${wsdl}>
  <wsdl:types><xs:schema><xs:import namespace="http://orders.example.com/" schemaLocation="http://cxf.test/orders?xsd=orders.xsd"/></xs:schema></wsdl:types>
  ${documentStyle({ operations: { createOrder: '' }, soap: 'soap12', address: 'http://cxf.test/orders', fault: 'OrderException' })}
</wsdl:definitions>`;

/** WCF: types in namespaces of their own, one of them derived from a type whose names are unqualified. */
export const wcf = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions name="Orders" targetNamespace="urn:orders" xmlns:tns="urn:orders" xmlns:c="http://schemas.example.com/common" xmlns:xs="http://www.w3.org/2001/XMLSchema" ${wsdl}>
  <wsdl:types>
  <xs:schema elementFormDefault="qualified" targetNamespace="urn:orders">
    <xs:import namespace="http://schemas.example.com/data"/>
    <xs:element name="Create"><xs:complexType><xs:sequence>
      <xs:element minOccurs="0" name="order" nillable="true" type="q1:Order" xmlns:q1="http://schemas.example.com/data"/>
      <xs:element minOccurs="0" name="note" type="xs:string"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="CreateResponse"><xs:complexType><xs:sequence><xs:element name="CreateResult" type="xs:long"/><xs:element name="Total" type="xs:decimal"/></xs:sequence></xs:complexType></xs:element>
  </xs:schema>
  <xs:schema elementFormDefault="qualified" targetNamespace="http://schemas.example.com/data">
    <xs:import namespace="http://schemas.example.com/common"/>
    <xs:complexType name="Order"><xs:complexContent><xs:extension base="c:Base"><xs:sequence>
      <xs:element name="Lines" type="d:Lines" xmlns:d="http://schemas.example.com/data"/>
      <xs:element ref="c:Remark" minOccurs="0"/>
    </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
    <xs:complexType name="Lines"><xs:sequence><xs:element name="Line" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="Sku" type="xs:string"/><xs:element name="Qty" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>
  </xs:schema>
  <xs:schema targetNamespace="http://schemas.example.com/common">
    <xs:complexType name="Base"><xs:sequence><xs:element name="ClientId" type="xs:string"/></xs:sequence></xs:complexType>
    <xs:element name="Remark" type="xs:string"/>
  </xs:schema>
  </wsdl:types>
  ${documentStyle({ operations: { Create: 'urn:orders/Create' }, address: 'http://wcf.test/orders.svc' })}
</wsdl:definitions>`;

/** Apache Axis in rpc style: the wrapper is the operation's, its parts have types. `use` says which of the two ways. */
export const rpc = (use: 'literal' | 'encoded'): string => `<?xml version="1.0"?>
<wsdl:definitions targetNamespace="urn:axis" xmlns:tns="urn:axis" xmlns:xs="http://www.w3.org/2001/XMLSchema" ${wsdl}>
  <wsdl:types><xs:schema targetNamespace="urn:axis"><xs:complexType name="Who"><xs:sequence><xs:element name="name" type="xs:string"/></xs:sequence></xs:complexType></xs:schema></wsdl:types>
  <wsdl:message name="greetIn"><wsdl:part name="who" type="tns:Who"/><wsdl:part name="times" type="xs:int"/></wsdl:message>
  <wsdl:message name="greetOut"><wsdl:part name="greetReturn" type="xs:string"/></wsdl:message>
  <wsdl:message name="forgetIn"><wsdl:part name="name" type="xs:string"/></wsdl:message>
  <wsdl:portType name="Greeter"><wsdl:operation name="greet"><wsdl:input message="tns:greetIn"/><wsdl:output message="tns:greetOut"/></wsdl:operation><wsdl:operation name="forget"><wsdl:input message="tns:forgetIn"/></wsdl:operation></wsdl:portType>
  <wsdl:binding name="B" type="tns:Greeter"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="greet"><soap:operation soapAction=""/><wsdl:input><soap:body use="${use}" namespace="urn:axis:calls"/></wsdl:input><wsdl:output><soap:body use="${use}" namespace="urn:axis:calls"/></wsdl:output></wsdl:operation>
    <wsdl:operation name="forget"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal" namespace="urn:axis:calls"/></wsdl:input></wsdl:operation></wsdl:binding>
  <wsdl:service name="GreeterService"><wsdl:port name="P" binding="tns:B"><soap:address location="http://axis.test/greeter"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;
