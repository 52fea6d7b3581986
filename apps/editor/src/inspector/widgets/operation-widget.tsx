import { endpoints } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/index.ts';
import { isJsonObject } from '../form/form-value.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

/** Which operation the step calls, and whether its service describes it differently by now. */
export function OperationWidget({ value, siblings, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const operation = isJsonObject(value) ? value : {};
  const service = typeof siblings['service'] === 'string' ? siblings['service'] : '';
  const id = typeof operation['id'] === 'string' ? operation['id'] : '';
  const now = useRead(
    endpoints.getOperation,
    { params: { id: service, operation: id } },
    { enabled: service !== '' && id !== '', staleTime: 30_000 },
  );
  const next = now.data?.node.config['operation'];
  const isOutdated = isJsonObject(next) && sorted(next) !== sorted(operation);
  const version = typeof operation['version'] === 'string' ? `SOAP ${operation['version']}` : undefined;
  const where = [operation['method'], operation['path'], version].filter((part) => typeof part === 'string').join(' ');
  return (
    <>
      <p className={css.operation}>
        {typeof operation['title'] === 'string' && operation['title'] !== where ? <strong>{operation['title']}</strong> : null}
        {where === '' ? null : <code>{where}</code>}
      </p>
      {isOutdated ? (
        <div className={css.note}>
          {t('operation.outdated')}{' '}
          <Button size="compact-xs" variant="light" onClick={() => onChange(next)}>
            {t('operation.takeOver')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** The database keeps no order of keys. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
