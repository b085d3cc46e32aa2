/** Asks once before an alert is acknowledged, with room for a word of why. Enter sends; a line break is Shift+Enter. */
import { Dialog } from 'radix-ui';
import { type FormEvent, type KeyboardEvent, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../server/contract/index.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { levelOf } from './order.ts';
import { useAlertWords } from './use-alert-words.ts';

export interface AcknowledgeDialogProps {
  /** Null: closed. */
  alert: Alert | null;
  onConfirm(alert: Alert, comment: string): void;
  onClose(): void;
  /** Where the focus goes afterwards. */
  onReturnFocus(): void;
}

export function AcknowledgeDialog({ alert, onConfirm, onClose, onReturnFocus }: AcknowledgeDialogProps) {
  return (
    <Dialog.Root open={alert !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-scrim" />
        <Dialog.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onReturnFocus();
          }}
        >
          {alert !== null && <AcknowledgeForm alert={alert} onConfirm={onConfirm} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function AcknowledgeForm({ alert, onConfirm }: { alert: Alert; onConfirm(alert: Alert, comment: string): void }) {
  const { t } = useTranslation('alerts');
  const words = useAlertWords()(alert);
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onConfirm(alert, String(new FormData(event.currentTarget).get('comment') ?? ''));
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter also ends a Chinese composition; that one is not meant for the form.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };
  return (
    <form ref={form} onSubmit={submit}>
      <Dialog.Title className="dialog-title">{t('dialogTitle')}</Dialog.Title>
      <Dialog.Description className="dialog-about">
        <LevelMark level={levelOf(alert)} size={20} />
        <span>
          {words.level} {words.title}
        </span>
      </Dialog.Description>
      <p className="dialog-note">{t('dialogNote')}</p>
      <label htmlFor={id}>{t('comment')}</label>
      <textarea id={id} name="comment" maxLength={2000} placeholder={t('commentHint')} onKeyDown={onKey} />
      <div className="dialog-actions">
        <Dialog.Close asChild>
          <button type="button" className="button">
            {t('cancel')}
          </button>
        </Dialog.Close>
        <button type="submit" className="button button-primary">
          {t('acknowledge')} <kbd>↵</kbd>
        </button>
      </div>
    </form>
  );
}
