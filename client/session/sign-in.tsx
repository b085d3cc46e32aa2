/** Sign-in by name and password. A failure is told in words, keeps what was typed and puts the cursor where it helps. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { CallError } from '../http/call.ts';
import { SESSION_KEY } from '../http/queries.ts';
import { LanguageSwitch } from '../i18n/language-switch.tsx';
import { leaveSignIn, linkFailed, signIn } from './session.ts';

const told = new Set(['wrong_credentials', 'too_many_requests', 'unreachable', 'store_unavailable']);

/** The words' key for a failure. */
function failureKey(error: Error): string {
  return error instanceof CallError && told.has(error.code) ? `failed.${error.code}` : 'failed.other';
}

export function SignIn() {
  const { t } = useTranslation('session');
  const queries = useQueryClient();
  const ids = useId();
  const password = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('username') ?? ''), String(form.get('password') ?? '')),
    onSuccess: (answer) => {
      leaveSignIn();
      queries.setQueryData(SESSION_KEY, answer);
    },
    onError: () => password.current?.select(),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    attempt.mutate(new FormData(event.currentTarget));
  };
  const linkError = linkFailed();
  return (
    <main className="gate">
      <div className="gate-card">
        <header className="gate-head">
          <h1 className="gate-brand">{t('product')}</h1>
          <LanguageSwitch />
        </header>
        {linkError !== null && attempt.isIdle && (
          <p className="gate-note" role="alert">
            {t(linkError.code === 'unreachable' ? 'failed.unreachable' : 'linkFailed')}
          </p>
        )}
        <form onSubmit={submit} className="gate-form">
          <label htmlFor={`${ids}-name`}>{t('username')}</label>
          <input id={`${ids}-name`} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} defaultValue="admin" required maxLength={100} />
          <label htmlFor={`${ids}-password`}>{t('password')}</label>
          <input
            id={`${ids}-password`}
            ref={password}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={1000}
            aria-describedby={`${ids}-failed`}
          />
          <p id={`${ids}-failed`} className="gate-failed" role="alert">
            {attempt.error !== null && t(failureKey(attempt.error))}
          </p>
          <button type="submit" className="button button-primary" disabled={attempt.isPending}>
            {attempt.isPending ? t('signingIn') : t('signIn')}
          </button>
        </form>
        <p className="gate-hint">{t('hint')}</p>
      </div>
    </main>
  );
}
