import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { nodeIcons } from './src/canvas/node-icons-plugin.ts';

const server = `http://127.0.0.1:${process.env['HOLDFAST_PORT'] ?? '4000'}`;

// The graph package also holds the template engine, CEL and the regular-expression engine. Its modules have no side
// effects, so a page that only needs a schema must not pay for them.
const isPure = (id: string) =>
  /\/packages\/(graph|contracts|messages|node-kit|errors)\/src\//.test(id) || /\/nodes\/[^/]+\/node\.ts$/.test(id);

export default defineConfig({
  plugins: [react(), nodeIcons(fileURLToPath(new URL('../..', import.meta.url)))],
  server: {
    port: Number(process.env['HOLDFAST_EDITOR_PORT'] ?? 5173),
    proxy: { '/api': server, '/hooks': server },
  },
  build: {
    target: 'es2023',
    // Fonts and drawings stay files: the page's policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4_000, // Monaco; it is loaded when a code editor opens
    rolldownOptions: { treeshake: { moduleSideEffects: (id: string, external: boolean) => external || !isPure(id) } },
  },
});
