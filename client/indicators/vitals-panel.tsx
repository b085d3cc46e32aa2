/**
 * The panel of the vital signs: the chosen layout, and behind it every indicator of the catalogue, by group or by search, down to its
 * places. Where one is stands in the address; `/` searches from anywhere, Escape goes one step back.
 */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CityAnswer } from '../../server/contract/index.ts';
import { useCity, useIndicators, usePlaces, useSeries } from '../catalogue/use-catalogue.ts';
import { nameIn } from '../ui/format.ts';
import { changeParams, useParam } from '../ui/query-params.ts';
import { useLanguage } from '../ui/use-language.ts';
import { ALL } from './browse.ts';
import { BrowseView } from './browse-view.tsx';
import { useSearchKey } from './use-search-key.ts';
import { chooseWall } from './wall.ts';
import { WallView } from './wall-view.tsx';

export function VitalsPanel() {
  const group = useParam('group') || null;
  const find = useParam('find');
  const list = useParam('list');
  const isBrowsing = group !== null || find !== null || list !== null;
  const seen = useRef<string | null>(null);
  if (isBrowsing) seen.current = group ?? ALL;
  const wantsSearch = useRef(false);
  const openSearch = (): void => {
    wantsSearch.current = true;
    if (isBrowsing) document.querySelector<HTMLInputElement>('.browse-find')?.focus();
    else changeParams({ group: ALL });
  };
  useSearchKey(openSearch);
  const panel = useRef<HTMLElement>(null);
  const isOpen = useRef(false);
  // A search that was opened is a wish of that moment only.
  useEffect(() => {
    wantsSearch.current = false;
    isOpen.current = true;
  });
  // Back on the wall, the focus returns to where the way in began, unless it is somewhere else by now.
  useEffect(() => {
    if (isBrowsing || seen.current === null || document.activeElement !== document.body) return;
    const head = panel.current?.querySelector<HTMLElement>(`[data-group="${CSS.escape(seen.current)}"]`);
    (head ?? panel.current?.querySelector<HTMLElement>('.vitals-all'))?.focus();
  }, [isBrowsing]);
  return (
    <section ref={panel} className="panel vitals" aria-labelledby="vitals-title">
      {isBrowsing ? (
        <BrowseView group={group ?? ALL} find={find ?? ''} list={list} wantsSearch={wantsSearch.current} takesFocus={isOpen.current} />
      ) : (
        <>
          <Head onSearch={openSearch} />
          <div className="scroll vitals-scroll">
            <Chosen />
          </div>
        </>
      )}
    </section>
  );
}

function Head({ onSearch }: { onSearch(): void }) {
  const { t } = useTranslation('indicators');
  const count = useIndicators().data?.indicators.filter((one) => !one.retired).length;
  const walls = useCity().data?.walls ?? [];
  return (
    <header className="panel-head vitals-head">
      <h2 id="vitals-title" className={walls.length > 1 ? 'vitals-title-quiet' : undefined}>
        {t('title')}
      </h2>
      {walls.length > 1 ? <WallSwitch walls={walls} /> : <span className="panel-note">{t('note')}</span>}
      {count !== undefined && count > 0 && (
        <button type="button" className="vitals-all" aria-keyshortcuts="/" aria-label={t('allCount', { count })} onClick={onSearch}>
          <span className="vitals-all-words">{t('all')}</span> <b className="num">{count}</b> <kbd>/</kbd>
        </button>
      )}
    </header>
  );
}

function WallSwitch({ walls }: { walls: CityAnswer['walls'] }) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  const chosen = chooseWall(walls, useParam('wall'));
  return (
    <nav className="wall-switch" aria-label={t('walls')}>
      {walls.map((wall, i) => (
        <button key={wall.id} type="button" aria-pressed={wall === chosen} onClick={() => changeParams({ wall: i === 0 ? null : wall.id })}>
          {nameIn(wall.name, lang)}
        </button>
      ))}
    </nav>
  );
}

/** The chosen layout, or why there is none. */
function Chosen() {
  const { t } = useTranslation('indicators');
  const city = useCity();
  const answers = [city, useIndicators(), useSeries(), usePlaces()];
  const wall = chooseWall(city.data?.walls ?? [], useParam('wall'));
  if (answers.some((answer) => answer.isPending)) {
    return (
      <p className="empty" role="status">
        {answers.some((answer) => answer.failureCount > 0) ? t('loadingAgain') : t('loading')}
      </p>
    );
  }
  if (wall === null || wall.tiles.length === 0) {
    return (
      <div className="empty">
        <strong>{t('none')}</strong>
        <span>{t('noneNext')}</span>
      </div>
    );
  }
  return <WallView wall={wall} />;
}
