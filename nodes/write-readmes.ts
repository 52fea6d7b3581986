import { writeFileSync } from 'node:fs';
import { catalog } from './catalog.ts';
import { readmeOf } from './readme-of.ts';

for (const definition of Object.values(catalog))
  writeFileSync(new URL(`${definition.type}/README.md`, import.meta.url), readmeOf(definition));
