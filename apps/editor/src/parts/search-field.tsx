import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

interface SearchFieldProps {
  label: string;
  initial: string;
  onSearch: (wanted: string) => void;
  className?: string | undefined;
}

/** Says what is looked for once the reader pauses; the list behind it is the server's. */
export function SearchField({ label, initial, onSearch, className }: SearchFieldProps) {
  const [text, setText] = useState(initial);
  const searchSoon = useDebouncedCallback(onSearch, 300);
  return (
    <TextInput
      className={className}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} stroke={1.5} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        searchSoon(event.currentTarget.value.trim());
      }}
    />
  );
}
