import { createTheme, localStorageColorSchemeManager, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
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

/** The kit's own buttons need words too. */
function useSpokenTheme() {
  const { t } = useTranslation('common');
  const close = t('action.close');
  const showPassword = t('action.showPassword');
  return useMemo(() => {
    const spoken = { defaultProps: { closeButtonProps: { 'aria-label': close } } };
    const PasswordInput = { defaultProps: { visibilityToggleButtonProps: { 'aria-label': showPassword } } };
    return mergeThemeOverrides(theme, createTheme({ components: { Modal: spoken, Drawer: spoken, Notification: spoken, PasswordInput } }));
  }, [close, showPassword]);
}

export function App() {
  return (
    <MantineProvider
      theme={useSpokenTheme()}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          {/* Only the toasts themselves take clicks: the frame around them lies over the canvas. */}
          <Notifications
            position="top-center"
            limit={4}
            style={{ top: 60, pointerEvents: 'none' }}
            styles={{ notification: { pointerEvents: 'auto' } }}
          />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
