import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { safeNext } from './client/safe-next.ts';
import { sessionQuery } from './client/session.ts';
import { setupQuery } from './client/setup.ts';
import { PageError } from './shell/page-error.tsx';
import { PageLoading } from './shell/page-loading.tsx';
import { PageMissing } from './shell/page-missing.tsx';
import { Root } from './shell/root.tsx';
import { SignedIn } from './shell/signed-in.tsx';

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Root,
  notFoundComponent: PageMissing,
  errorComponent: PageError,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    if (!(await context.queryClient.ensureQueryData(setupQuery)).isOpen) throw redirect({ to: '/sign-in' });
  },
  component: lazyRouteComponent(() => import('./pages/welcome/setup-page.tsx'), 'SetupPage'),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({ next: z.string().startsWith('/').optional().catch(undefined) }),
  beforeLoad: async ({ context, search }) => {
    if (await context.queryClient.ensureQueryData(sessionQuery)) throw redirect({ href: safeNext(search.next) });
    if ((await context.queryClient.ensureQueryData(setupQuery)).isOpen) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('./pages/welcome/sign-in-page.tsx'), 'SignInPage'),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    if (!(await context.queryClient.ensureQueryData(sessionQuery))) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: SignedIn,
  errorComponent: PageError,
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});

const under = () => appRoute;
const flowsRoute = createRoute({
  getParentRoute: under,
  path: '/flows',
  component: lazyRouteComponent(() => import('./pages/flows/flows-page.tsx'), 'FlowsPage'),
});
const flowRoute = createRoute({
  getParentRoute: under,
  path: '/flows/$id',
  // Opens the simulator beside the drawing.
  validateSearch: z.object({ test: z.boolean().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./flow-page/flow-page.tsx'), 'FlowPage'),
});
const runsRoute = createRoute({
  getParentRoute: under,
  path: '/runs',
  validateSearch: z.object({
    status: z.enum(['open', 'running', 'waiting', 'paused', 'attention', 'ended']).optional().catch(undefined),
    flow: z.string().optional().catch(undefined),
    cause: z.string().optional().catch(undefined),
    search: z.string().optional().catch(undefined),
    since: z.enum(['hour', 'day', 'week']).optional().catch(undefined),
    conversation: z.string().optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/runs/runs-page.tsx'), 'RunsPage'),
});
const runRoute = createRoute({
  getParentRoute: under,
  path: '/runs/$id',
  component: lazyRouteComponent(() => import('./run-canvas/run-page.tsx'), 'RunPage'),
});
const inboxPage = lazyRouteComponent(() => import('./pages/inbox/inbox-page.tsx'), 'InboxPage');
const queueSearch = z.object({ show: z.enum(['active', 'ended']).optional().catch(undefined) });
const inboxRoute = createRoute({ getParentRoute: under, path: '/inbox', validateSearch: queueSearch, component: inboxPage });
const inboxOneRoute = createRoute({ getParentRoute: under, path: '/inbox/$id', validateSearch: queueSearch, component: inboxPage });
const conversationsPage = lazyRouteComponent(() => import('./pages/conversations/conversations-page.tsx'), 'ConversationsPage');
const conversationsSearch = z.object({ search: z.string().optional().catch(undefined), channel: z.string().optional().catch(undefined) });
const conversationsRoute = createRoute({
  getParentRoute: under,
  path: '/conversations',
  validateSearch: conversationsSearch,
  component: conversationsPage,
});
const conversationRoute = createRoute({
  getParentRoute: under,
  path: '/conversations/$id',
  validateSearch: conversationsSearch,
  component: conversationsPage,
});
const contactsPage = lazyRouteComponent(() => import('./pages/contacts/contacts-page.tsx'), 'ContactsPage');
const contactsSearch = z.object({ search: z.string().optional().catch(undefined) });
const contactsRoute = createRoute({ getParentRoute: under, path: '/contacts', validateSearch: contactsSearch, component: contactsPage });
const contactRoute = createRoute({ getParentRoute: under, path: '/contacts/$id', validateSearch: contactsSearch, component: contactsPage });
const channelsRoute = createRoute({
  getParentRoute: under,
  path: '/channels',
  component: lazyRouteComponent(() => import('./pages/channels/channels-page.tsx'), 'ChannelsPage'),
});
const connectionsRoute = createRoute({
  getParentRoute: under,
  path: '/connections',
  validateSearch: z.object({
    refused: z.enum(['session', 'provider']).optional().catch(undefined),
    tab: z.enum(['services', 'agents']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/connections/connections-page.tsx'), 'ConnectionsPage'),
});
const providersRoute = createRoute({
  getParentRoute: under,
  path: '/providers',
  validateSearch: z.object({ queue: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/providers/providers-page.tsx'), 'ProvidersPage'),
});
const variablesRoute = createRoute({
  getParentRoute: under,
  path: '/variables',
  component: lazyRouteComponent(() => import('./pages/variables/variables-page.tsx'), 'VariablesPage'),
});
const answersRoute = createRoute({
  getParentRoute: under,
  path: '/answers',
  component: lazyRouteComponent(() => import('./pages/answers/answers-page.tsx'), 'AnswersPage'),
});
const settingsPage = lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage');
const settingsRoute = createRoute({ getParentRoute: under, path: '/settings', component: settingsPage });
const settingsTabRoute = createRoute({ getParentRoute: under, path: '/settings/$tab', component: settingsPage });
const meRoute = createRoute({
  getParentRoute: under,
  path: '/me',
  component: lazyRouteComponent(() => import('./pages/me/me-page.tsx'), 'MePage'),
});

// Inside the shell, so that the way on is one click away; signed-out visitors are asked to sign in first.
const missingRoute = createRoute({ getParentRoute: under, path: '$', component: PageMissing });

const routeTree = rootRoute.addChildren([
  setupRoute,
  signInRoute,
  appRoute.addChildren([
    homeRoute,
    flowsRoute,
    flowRoute,
    runsRoute,
    runRoute,
    inboxRoute,
    inboxOneRoute,
    conversationsRoute,
    conversationRoute,
    contactsRoute,
    contactRoute,
    channelsRoute,
    connectionsRoute,
    providersRoute,
    variablesRoute,
    answersRoute,
    settingsRoute,
    settingsTabRoute,
    meRoute,
    missingRoute,
  ]),
]);

export const createAppRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: PageLoading,
    defaultPendingMs: 300,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: PageMissing,
    scrollRestoration: true,
  });
