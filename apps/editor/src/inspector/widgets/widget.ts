import type { FormHints, JsonObject, JsonValue } from '@holdfast/node-kit';
import type { ComponentType } from 'react';
import type { FormField } from '../form/form-field.ts';

export interface WidgetProps {
  id: string;
  field: FormField;
  path: string;
  /** Title, description, placeholder and choices in the reader's language. */
  words: FormHints & { title: string };
  /** The value, or the default while none is set. */
  value: JsonValue | undefined;
  isSet: boolean;
  siblings: JsonObject;
  hasError: boolean;
  onChange: (value: JsonValue | undefined) => void;
}
export type WidgetComponent = ComponentType<WidgetProps>;
