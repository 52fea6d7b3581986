import { randomUUID } from 'node:crypto';
import { isAllowed } from '@holdfast/contracts';
import { HoldfastError, say } from '@holdfast/errors';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { giveWork, takeResult } from './agents/agent-hook.ts';
import { findCaller } from './auth/caller.ts';
import type { ServerDeps } from './deps.ts';
import { answerChannelHook } from './hooks/channel-hook.ts';
import { answerConnectionHook } from './hooks/connection-hook.ts';
import { answerFlowHook } from './hooks/flow-hook.ts';
import { mountDocsFiles } from './http/docs-page.ts';
import { mountEditor } from './http/editor-files.ts';
import { missingResource, mountRoutes } from './http/mount-routes.ts';
import { toProblemDetails, toRequestError } from './http/problem-response.ts';
import type { Route } from './http/route.ts';
import { agentRoutes } from './routes/agent-routes.ts';
import { answerRoutes } from './routes/answer-routes.ts';
import { contactRoutes } from './routes/contact-routes.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { backupRoutes } from './routes/backup-routes.ts';
import { channelRoutes } from './routes/channel-routes.ts';
import { connectionRoutes } from './routes/connection-routes.ts';
import { credentialRoutes } from './routes/credential-routes.ts';
import { fileRoutes } from './routes/file-routes.ts';
import { flowRoutes } from './routes/flow-routes.ts';
import { handoffRoutes } from './routes/handoff-routes.ts';
import { keyRoutes, peopleRoutes } from './routes/people-routes.ts';
import { mirrorRoutes } from './routes/mirror-routes.ts';
import { providerRoutes } from './routes/provider-routes.ts';
import { repairRoutes } from './routes/repair-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { serviceRoutes } from './routes/service-routes.ts';
import { alertRoutes, settingsRoutes } from './routes/settings-routes.ts';
import { simulatorRoutes } from './routes/simulator-routes.ts';
import { storeRoutes } from './routes/store-routes.ts';
import { systemRoutes } from './routes/system-routes.ts';
import { talkRoutes } from './routes/talk-routes.ts';
import { templateRoutes } from './routes/template-routes.ts';
import { triggerRoutes } from './routes/trigger-routes.ts';
import { variableRoutes } from './routes/variable-routes.ts';
import { waitingCallRoutes } from './routes/waiting-call-routes.ts';
import { webhookRoutes } from './routes/webhook-routes.ts';

export interface AppOptions {
  /** The built editor; null serves the API alone. */
  editorDir: string | null;
  trustedOrigins: readonly string[];
  validatesResponses: boolean;
}

export const allRoutes = (deps: ServerDeps): Route[] => [
  ...systemRoutes(deps),
  ...authRoutes(deps),
  ...flowRoutes(deps),
  ...runRoutes(deps),
  ...repairRoutes(deps),
  ...webhookRoutes(deps),
  ...talkRoutes(deps),
  ...storeRoutes(deps),
  ...handoffRoutes(deps),
  ...simulatorRoutes(deps),
  ...fileRoutes(deps),
  ...channelRoutes(deps),
  ...credentialRoutes(deps),
  ...connectionRoutes(deps),
  ...triggerRoutes(deps),
  ...agentRoutes(deps),
  ...serviceRoutes(deps),
  ...variableRoutes(deps),
  ...answerRoutes(deps),
  ...contactRoutes(deps),
  ...peopleRoutes(deps),
  ...keyRoutes(deps),
  ...settingsRoutes(deps),
  ...alertRoutes(deps),
  ...backupRoutes(deps),
  ...mirrorRoutes(deps),
  ...providerRoutes(deps),
  ...waitingCallRoutes(deps),
  ...templateRoutes(),
];

export function createApp(deps: ServerDeps, options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple'); // no nested objects from brackets
  app.use(nameRequest, deps.metrics.observe, secureHeaders(deps.publicUrl));
  // First, because they come most often and the router looks at one route after another.
  app.post('/hooks/agents/work', (request, response) => giveWork(deps, request, response));
  app.post('/hooks/agents/results', (request, response) => takeResult(deps, request, response));
  app.all('/hooks/channels/:channelId', (request, response) => answerChannelHook(deps, request, response));
  app.all('/hooks/credentials/:credentialId', (request, response) => answerConnectionHook(deps, request, response));
  app.all('/hooks/flows/:path', (request, response) => answerFlowHook(deps, request, response));
  mountDocsFiles(app);
  mountRoutes(app, {
    routes: allRoutes(deps),
    findCaller: (request, response) => findCaller(deps, request, response),
    trustedOrigins: options.trustedOrigins,
    validatesResponses: options.validatesResponses,
  });
  app.get('/metrics', (request, response) => answerMetrics(deps, request, response));
  if (options.editorDir !== null) mountEditor(app, options.editorDir);
  app.use(() => {
    throw missingResource();
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => answerProblem(deps, error, request, response));
  return app;
}

function nameRequest(_request: Request, response: Response, next: NextFunction): void {
  response.locals['requestId'] = randomUUID();
  response.setHeader('x-request-id', String(response.locals['requestId']));
  next();
}

function secureHeaders(publicUrl: string | null) {
  const isSecure = publicUrl?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The component kit writes its colours into a style element, and the code editor into style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isSecure,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
  });
}

async function answerMetrics(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const caller = await findCaller(deps, request, response);
  if (!caller)
    throw new HoldfastError('auth.required', {
      detail: 'Metrics need an API key.',
      hint: 'Let Prometheus send "Authorization: Bearer hf_…" of an admin key.',
    });
  if (!isAllowed(caller.role, 'metrics.read'))
    throw new HoldfastError('auth.forbidden', {
      detail: say`The role "${caller.role}" may not read metrics.`,
      hint: 'Use a key with the role admin.',
    });
  const { contentType, text } = await deps.metrics.render();
  response.setHeader('content-type', contentType);
  response.end(text);
}

function answerProblem(deps: ServerDeps, thrown: unknown, request: Request, response: Response): void {
  const error = toRequestError(thrown);
  const requestId = String(response.locals['requestId']);
  if (error.meaning.status >= 500)
    deps.logger.error(
      { requestId, method: request.method, path: request.path, code: error.code, err: error.cause ?? error },
      'request failed',
    );
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of the body won't be read, so the connection can't carry another request.
  if (!request.complete) response.setHeader('connection', 'close');
  if (error.retryAfterMs !== undefined) response.setHeader('retry-after', String(Math.ceil(error.retryAfterMs / 1_000)));
  if (error.code === 'auth.required' && request.headers.authorization !== undefined) response.setHeader('www-authenticate', 'Bearer');
  response.status(error.meaning.status).setHeader('cache-control', 'no-store');
  response.type('application/problem+json').send(JSON.stringify(toProblemDetails(error, requestId)));
}
