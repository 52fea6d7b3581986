import type { JsonObject } from '@holdfast/node-kit';
import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CurlDialog } from './curl-dialog.tsx';

/** What the command does not say stays as it is: how often it is tried, what stands in. */
export function FillFromCurl({ config, onFill }: { config: JsonObject; onFill: (config: JsonObject) => void }) {
  const { t } = useTranslation('curl');
  const [text, setText] = useState<string | null>(null);
  return (
    <>
      <Button variant="subtle" size="compact-sm" mb={12} leftSection={<IconTerminal2 size={15} stroke={1.5} />} onClick={() => setText('')}>
        {t('open')}
      </Button>
      <CurlDialog
        text={text}
        act="fill"
        onClose={() => setText(null)}
        onDone={(read) => {
          setText(null);
          onFill({ ...without(config), ...read.config });
        }}
      />
    </>
  );
}

/** A request is replaced as a whole: a header of the old one would go to the new address. */
const requestKeys = new Set([
  'method',
  'url',
  'query',
  'headers',
  'bodyKind',
  'body',
  'text',
  'form',
  'files',
  'file',
  'credential',
  'tries',
]);
const without = (config: JsonObject): JsonObject => Object.fromEntries(Object.entries(config).filter(([key]) => !requestKeys.has(key)));
