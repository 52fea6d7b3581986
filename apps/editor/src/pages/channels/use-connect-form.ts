import { endpoints, type Channel, type ChannelConnection } from '@holdfast/contracts';
import type { UseFormReturnType } from '@mantine/form';
import type { FormEvent } from 'react';
import { useAct } from '../../client/use-call.ts';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';

interface ConnectOptions<Values> {
  initial: Values;
  toBody: (values: Values) => ChannelConnection;
  onMade: (channel: Channel) => void;
  /** The provider or the server refused a field, which may be out of sight. */
  onFieldRefused?: () => void;
}

export interface Connecting<Values> {
  form: UseFormReturnType<Values>;
  submit: (event?: FormEvent<HTMLFormElement>) => void;
  isPending: boolean;
  /** What no field shows. */
  error: Error | null;
}

/** A form whose values connect a channel: checked here as the server checks them, then by the provider. */
export function useConnectForm<Values extends Record<string, unknown>>(options: ConnectOptions<Values>): Connecting<Values> {
  const { initial, toBody, onMade, onFieldRefused } = options;
  const connect = useAct(endpoints.createChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone: onMade });
  const form = useEndpointForm<Values>(endpoints.createChannel, { initial, toBody });
  const onError = (error: unknown) => {
    if (showAtField(form, error)) onFieldRefused?.();
  };
  return {
    form,
    submit: form.onSubmit((values) => connect.mutate({ body: toBody(values) }, { onError })),
    isPending: connect.isPending,
    error: connect.isError && Object.keys(form.errors).length === 0 ? connect.error : null,
  };
}
