import { endpoints } from '@holdfast/contracts';
import { templates } from '@holdfast/templates';
import { route, type Route } from '../http/route.ts';

export function templateRoutes(): Route[] {
  return [
    route(endpoints.listTemplates, {
      run: async () => ({
        items: templates.map(({ id, name, summary, file }) => ({
          id,
          name,
          description: summary,
          nodeTypes: [...new Set(file.nodes.map((node) => node.type))],
        })),
      }),
    }),
  ];
}
