import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const id = 'virtual:node-icons';
const resolved = `\0${id}`;

const componentName = (icon: string): string =>
  `Icon${icon
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

/**
 * Collects the icons that the node definitions name into one module, so that a new node is no further edit here and the
 * other five thousand icons stay out of the bundle.
 */
export function nodeIcons(root: string): Plugin {
  return {
    name: 'holdfast-node-icons',
    resolveId: (source) => (source === id ? resolved : null),
    load(source) {
      if (source !== resolved) return null;
      const names = new Set<string>();
      for (const file of globSync('nodes/*/node.ts', { cwd: root })) {
        this.addWatchFile(resolve(root, file));
        for (const found of readFileSync(resolve(root, file), 'utf8').matchAll(/^\s*icon: '([a-z0-9-]+)'/gm))
          if (found[1]) names.add(found[1]);
      }
      const sorted = [...names].sort();
      const imports = sorted.map((name) => componentName(name)).join(', ');
      return `import { ${imports} } from '@tabler/icons-react';\nexport const nodeIcons = { ${sorted.map((name) => `'${name}': ${componentName(name)}`).join(', ')} };\n`;
    },
  };
}
