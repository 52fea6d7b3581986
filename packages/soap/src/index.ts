export { XmlProblem } from './parse-xml.ts';
export { readAnswer, type Answer, type Fault } from './read-answer.ts';
export { securityMark, writeEnvelope } from './write-envelope.ts';
export { MissingFile } from './wsdl/documents.ts';
export { readWsdl, type Wsdl, type WsdlOperation } from './wsdl/read-wsdl.ts';
