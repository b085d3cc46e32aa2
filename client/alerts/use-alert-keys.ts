/** The duty officer's keys: `j` `k` `a`. Not while typing, not during Chinese composition, not with a modifier held. */
import { useEffect, useRef } from 'react';
import { isTyping } from '../ui/is-typing.ts';

export interface AlertKeys {
  disabled: boolean;
  onMove(step: 1 | -1): void;
  onAcknowledge(): void;
}

export function useAlertKeys(keys: AlertKeys): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { disabled, onMove, onAcknowledge } = newest.current;
      if (disabled || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      switch (event.key) {
        case 'j':
          onMove(1);
          break;
        case 'k':
          onMove(-1);
          break;
        case 'a':
          onAcknowledge();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
