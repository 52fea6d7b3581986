import { lazy, Suspense } from 'react';
import { useSession } from '../client/session.ts';
import { PageLoading } from './page-loading.tsx';
import { Shell } from './shell.tsx';

const FirstPasswordPage = lazy(async () => ({ default: (await import('../pages/welcome/first-password-page.tsx')).FirstPasswordPage }));

/** The signed-in pages; or, for a person whose password somebody else made, the one page that changes it. */
export function SignedIn() {
  if (!useSession()?.mustChangePassword) return <Shell />;
  return (
    <Suspense fallback={<PageLoading />}>
      <FirstPasswordPage />
    </Suspense>
  );
}
