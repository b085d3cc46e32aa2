/** Keeps one panel's failure from taking the page with it, says so in its place, and offers to load the panel again. */
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface State {
  failed: boolean;
}

/** A class because React offers error boundaries in no other form. */
export class PanelBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed onAgain={() => this.setState({ failed: false })} /> : this.props.children;
  }
}

function Failed({ onAgain }: { onAgain(): void }) {
  const { t } = useTranslation('ui');
  return (
    <div className="empty" role="alert">
      <strong>{t('panelFailed')}</strong>
      <button type="button" className="button" onClick={onAgain}>
        {t('panelAgain')}
      </button>
    </div>
  );
}
