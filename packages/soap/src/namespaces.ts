export const wsdlNs = 'http://schemas.xmlsoap.org/wsdl/';
export const schemaNs = 'http://www.w3.org/2001/XMLSchema';
export const instanceNs = 'http://www.w3.org/2001/XMLSchema-instance';
/** Of a binding, by the version that it speaks. */
export const bindingNs = { '1.1': 'http://schemas.xmlsoap.org/wsdl/soap/', '1.2': 'http://schemas.xmlsoap.org/wsdl/soap12/' } as const;
export const envelopeNs = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' } as const;
export const addressingNs = 'http://www.w3.org/2005/08/addressing';
export const securityNs = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
