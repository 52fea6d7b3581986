import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express } from 'express';

/** Serves the built editor: names with a hash for ever, the page itself always asked for again, and the page for every address it knows. */
export function mountEditor(app: Express, folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', (_request, response) => {
      response.type('text').send('The editor is not built. The API is ready at /api/docs.');
    });
    return;
  }
  app.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', fallthrough: true, index: false }));
  app.use(express.static(folder, { index: false, maxAge: '1h', redirect: false }));
  app.get(/^\/(?!api\/|api$|hooks\/|metrics$|assets\/).*/, (request, response, next) => {
    // A missing file is no page: only what a browser opens as a document gets one.
    if (!request.accepts('html') || /\.[a-z0-9]{2,5}$/i.test(request.path)) return next();
    response.setHeader('cache-control', 'no-cache');
    return response.sendFile('index.html', { root: folder, cacheControl: false });
  });
}
