/** Of a long list the first part, more on request: hundreds of cards are not read, but each of them costs a share of every second. */
import { useState } from 'react';
import type { Alert, Level } from '../../server/contract/index.ts';
import { useIsPhone } from '../ui/use-is-phone.ts';

/** Some five screens of cards at a desk; on a phone what comes below is not to be pushed out of reach. */
const PORTION = { desk: 50, phone: 10 } as const;

export interface Portion {
  shown: readonly Alert[];
  /** How many are left. */
  more: number;
  showMore(): void;
  /** Shows at least as far as the position `index`. */
  showTo(index: number): void;
}

/** Another `level` begins with one portion again. */
export function usePortion(listed: readonly Alert[], level: Level | null): Portion {
  const portion = useIsPhone() ? PORTION.phone : PORTION.desk;
  const [wanted, setWanted] = useState<{ level: Level | null; most: number }>({ level, most: portion });
  const most = wanted.level === level ? Math.max(portion, wanted.most) : portion;
  return {
    shown: listed.length <= most ? listed : listed.slice(0, most),
    more: Math.max(0, listed.length - most),
    showMore: () => setWanted({ level, most: most + portion }),
    showTo: (index) => {
      if (index >= most) setWanted({ level, most: (Math.floor(index / portion) + 1) * portion });
    },
  };
}
