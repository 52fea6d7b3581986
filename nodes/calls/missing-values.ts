import type { ConfigFinding, OperationField, OperationValues } from '@holdfast/node-kit';
import { finding } from '../fields/finding.ts';

interface Filled {
  operation: { fields: readonly Pick<OperationField, 'name' | 'required'>[] };
  values: OperationValues;
}

const isEmpty = (value: OperationValues[string] | undefined): boolean =>
  (typeof value === 'object' ? value.json : (value ?? '')).trim() === '';

/** Fields of an operation that must be there and have nothing. */
export const missingValues = ({ operation, values }: Filled): ConfigFinding[] =>
  operation.fields
    .filter(({ name, required }) => required && isEmpty(values[name]))
    .map(({ name }) => finding(`values.${name}`, 'The service needs a value here.', 'Write one, or insert one from the data.'));
