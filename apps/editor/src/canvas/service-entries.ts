import { endpoints, type Service } from '@holdfast/contracts';
import type { Catalog } from '@holdfast/node-kit';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { call, useRead } from '../client/index.ts';
import { useWorkbench } from '../document/workbench.tsx';
import type { ReadyStep } from './add-step.ts';
import type { PaletteEntry } from './palette-entries.ts';

const nodeOfKind: Readonly<Record<Service['kind'], string>> = { openapi: 'api-operation', wsdl: 'soap' };
const freshForMs = 30_000;

/** The operations of imported services, as entries of the palette. */
export function useServiceEntries(): PaletteEntry[] {
  const { catalog } = useWorkbench();
  const services = useRead(endpoints.listServices, {}, { staleTime: freshForMs });
  return useMemo(() => (services.data?.items ?? []).flatMap((service) => entriesOf(service, catalog)), [services.data, catalog]);
}

function entriesOf(service: Service, catalog: Catalog): PaletteEntry[] {
  const definition = catalog[nodeOfKind[service.kind]];
  if (!definition) return [];
  return service.operations.map(({ id, title, summary, group }) => ({
    key: `${service.id}/${id}`,
    definition,
    title,
    summary: summary || group || service.name,
    operation: { service: service.id, serviceName: service.name, id },
  }));
}

/** The step that calls an operation, ready to be added; null for entries that need nothing but their definition. */
export function useReadyStep(): (entry: PaletteEntry) => Promise<ReadyStep | null> {
  const client = useQueryClient();
  return useCallback(
    async ({ operation, title }) => {
      if (!operation) return null;
      const params = { id: operation.service, operation: operation.id };
      const { node } = await client.fetchQuery({
        queryKey: [endpoints.getOperation.path, params],
        queryFn: () => call(endpoints.getOperation, { params }),
        staleTime: freshForMs,
      });
      return { title, typeVersion: node.typeVersion, config: node.config };
    },
    [client],
  );
}
