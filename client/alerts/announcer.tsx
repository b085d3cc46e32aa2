/** Tells a screen reader of alerts that begin to fire or rise; those that were there when the page opened are not news. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../server/contract/index.ts';
import { liveStore } from '../live/store.ts';
import { newlyFiring } from './order.ts';
import { useAlertWords } from './use-alert-words.ts';

export function Announcer() {
  const { t } = useTranslation('alerts');
  const wordsOf = useAlertWords();
  const [news, setNews] = useState<readonly Alert[]>([]);
  useEffect(
    () =>
      liveStore.subscribe((state, before) => {
        if (state.alerts === before.alerts || before.snapshots === 0) return;
        const fresh = newlyFiring(before.alerts, state.alerts);
        if (fresh.length > 0) setNews(fresh);
      }),
    [],
  );
  const worst = news[0];
  return (
    <div className="visually-hidden" role="alert" data-announcer="">
      {worst !== undefined && t('announced', { count: news.length, level: wordsOf(worst).level, title: wordsOf(worst).title })}
    </div>
  );
}
