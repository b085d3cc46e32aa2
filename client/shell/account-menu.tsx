/** Who is signed in, and the way out. */
import { useMutation } from '@tanstack/react-query';
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from '../session/session.ts';
import { useToast } from '../ui/toast.tsx';

export function AccountMenu() {
  const { t } = useTranslation('session');
  const account = useSession().data?.account;
  const toast = useToast();
  const leave = useMutation({ mutationFn: signOut, onError: () => toast({ text: t('signOutFailed'), urgent: true }) });
  if (account === undefined) return null;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button button-small" aria-label={t('signedInAs', { name: account.name })}>
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.3">
          <circle cx="6" cy="3.6" r="2.4" />
          <path d="M1.4 11.4c.4-2.6 2.2-3.8 4.6-3.8s4.2 1.2 4.6 3.8" />
        </svg>
        <span className="account-name">{account.name}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          <DropdownMenu.Label className="menu-label">
            {t('signedInAs', { name: account.name })} <span>{t(`roles.${account.role}`)}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Item className="menu-item" disabled={leave.isPending} onSelect={() => leave.mutate()}>
            {t('signOut')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
