/** `/` searches, from anywhere on the page; not while typing, not with a modifier held, not over a dialog. */
import { useEffect, useRef } from 'react';
import { isTyping } from '../ui/is-typing.ts';

export function useSearchKey(onSearch: () => void): void {
  const newest = useRef(onSearch);
  newest.current = onSearch;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      newest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
