import { Select, type SelectProps } from '@mantine/core';

/** A time zone by its name, found by typing a city. One that this browser doesn't list stays choosable. */
export function TimeZoneSelect({ value, onChange, ...rest }: Omit<SelectProps, 'data' | 'value'> & { value: string }) {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), value]);
  return (
    <Select
      searchable
      data={[...zones].filter((zone) => zone !== '').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
      value={value === '' ? null : value}
      {...(onChange ? { onChange } : {})}
      {...rest}
    />
  );
}
