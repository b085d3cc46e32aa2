/** Shows the page to whoever is signed in, the sign-in form to whoever is not, and says so when the server does not answer. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from './session.ts';
import { SignIn } from './sign-in.tsx';
import './session.css';

export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation('session');
  const session = useSession();
  if (session.data !== undefined) return session.data === null ? <SignIn /> : children;
  const failed = session.failureCount > 0 || session.isError;
  return (
    <main className="gate" aria-busy={!failed}>
      <h1 className="gate-brand">{t('product')}</h1>
      <p role="status" className="gate-words">
        {failed ? t('unreachable', { count: session.failureCount }) : t('opening')}
      </p>
      {failed && (
        <button type="button" className="button" onClick={() => void session.refetch()}>
          {t('tryNow')}
        </button>
      )}
    </main>
  );
}
