import type { Finding } from '@holdfast/graph';
import type { Scope } from '@holdfast/node-kit';
import { createContext, useContext, type ReactNode } from 'react';
import type { WidgetComponent } from '../widgets/widget.ts';
import type { FormField } from './form-field.ts';
import type { LabelOf } from '../template-input/chip-dom.ts';
import type { DataGroup } from '../template-input/data-fields.ts';

/** What every field of one step's form may ask for. Functions, so that nothing is computed before it is shown. */
export interface FormContextValue {
  node: string;
  type: string;
  findings: readonly Finding[];
  focusField: string | null;
  /** The step's texts are formatted ones. */
  isRich: boolean;
  labelOf: LabelOf;
  groups: () => readonly DataGroup[];
  scope: () => Scope;
  undo: () => void;
  /** The input for a field. Given from outside, since inputs hold fields that hold inputs. */
  widgetOf: (field: FormField) => WidgetComponent;
}

const FormContext = createContext<FormContextValue | null>(null);

export function FormProvider({ value, children }: { value: FormContextValue; children: ReactNode }) {
  return <FormContext value={value}>{children}</FormContext>;
}

export function useFormContext(): FormContextValue {
  const value = useContext(FormContext);
  if (!value) throw new Error('A form field is used outside of a FormProvider.');
  return value;
}
