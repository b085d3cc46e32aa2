/** Short messages about what was just done. They leave by themselves, except urgent ones, which wait to be read. */
import { Toast } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface ToastMessage {
  text: string;
  detail?: string;
  /** A failure: stays until it is closed, and is announced at once. */
  urgent?: boolean;
}

type Shown = ToastMessage & { id: number };

const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined);

export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext);
}

/** Long enough to read one line twice. */
const SHOWN_MS = 8000;
/** An unread pile helps nobody; the journal has them all. */
const MOST = 3;

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation('ui');
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const show = useCallback((message: ToastMessage) => setShown((list) => [...list, { ...message, id: (list.at(-1)?.id ?? 0) + 1 }].slice(-MOST)), []);
  const close = (id: number): void => setShown((list) => list.filter((one) => one.id !== id));
  return (
    <ToastContext value={show}>
      <Toast.Provider duration={SHOWN_MS} label={t('toast.label')}>
        {children}
        {shown.map((one) => (
          <Toast.Root
            key={one.id}
            className={one.urgent === true ? 'toast toast-urgent' : 'toast'}
            type={one.urgent === true ? 'foreground' : 'background'}
            duration={one.urgent === true ? Number.POSITIVE_INFINITY : SHOWN_MS}
            onOpenChange={(open) => !open && close(one.id)}
          >
            <Toast.Title className="toast-text">{one.text}</Toast.Title>
            {one.detail !== undefined && <Toast.Description className="toast-detail">{one.detail}</Toast.Description>}
            <Toast.Close className="toast-close" aria-label={t('toast.close')}>
              ×
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className="toasts" label={t('toast.label')} />
      </Toast.Provider>
    </ToastContext>
  );
}
