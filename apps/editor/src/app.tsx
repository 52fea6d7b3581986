import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createQueryClient } from './client/query-client.ts';
import { sessionQuery } from './client/session.ts';
import { createAppRouter } from './router.tsx';
import { showProblem } from './shell/show-problem.tsx';
import { cssVariables, theme } from './theme/theme.ts';

const colorScheme = localStorageColorSchemeManager({ key: 'holdfast.theme' });

const queryClient = createQueryClient({
  onSignedOut: () => {
    queryClient.setQueryData(sessionQuery.queryKey, null);
    void router.invalidate();
  },
  onActFailed: showProblem,
});
const router = createAppRouter(queryClient);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorScheme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
