import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import type { Express, Response } from 'express';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast API</title>
<link rel="stylesheet" href="/api/docs/files/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/api/docs/files/swagger-ui-bundle.js"></script>
<script src="/api/docs/files/start.js"></script>
</body>
</html>
`;
const start = `window.SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;

export function docsPage(response: Response): void {
  response.type('html').setHeader('cache-control', 'no-cache');
  response.end(page);
}

/** The page's files come from this server, never from elsewhere. */
export function mountDocsFiles(app: Express): void {
  const folder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')));
  app.get('/api/docs/files/start.js', (_request, response) => {
    response.type('js').send(start);
  });
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    app.get(`/api/docs/files/${name}`, (_request, response) => response.sendFile(name, { root: folder, maxAge: '1h' }));
  }
}
