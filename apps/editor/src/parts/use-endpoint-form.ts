import type { Endpoint } from '@holdfast/contracts';
import { useForm, type UseFormReturnType } from '@mantine/form';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../client/api-error.ts';
import { fieldErrors } from './field-errors.ts';
import { saidIn } from './use-said.ts';

interface FormOptions<Values> {
  initial: Values;
  /** The body that these values make, where it is not the values themselves. */
  toBody?: (values: Values) => unknown;
}

/** A form for the body of an endpoint: what it refuses is what the server would refuse, since both ask the same schema. */
export function useEndpointForm<Values extends Record<string, unknown>>(
  endpoint: Endpoint,
  { initial, toBody }: FormOptions<Values>,
): UseFormReturnType<Values> {
  const { t } = useTranslation('common');
  const validate = (values: Values) => (endpoint.body ? fieldErrors(endpoint.body, toBody ? toBody(values) : values, t) : {});
  return useForm<Values>({ initialValues: initial, validate });
}

/** Puts a refusal at the field it is about. False when it names none: then it is shown above the form. */
export function showAtField<Values extends Record<string, unknown>>(form: UseFormReturnType<Values>, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const path = error.problem.path?.replace(/^body\./, '');
  // A field within a group (`imap.host`) is one of the form's as well.
  if (!path || !Object.hasOwn(form.values, path.split('.')[0] ?? path)) return false;
  const { detail, hint, said } = error.problem;
  const say = saidIn(i18next.language);
  form.setFieldError(path, hint === undefined ? say(detail, said?.detail) : `${say(detail, said?.detail)} ${say(hint, said?.hint)}`);
  return true;
}
