/**
 * Behind the wall: the indicators of a group, of a search or of the whole catalogue, and the places of one. Arrow keys move, Enter opens,
 * Escape goes one step back; the focus goes along with each step and returns to where it began.
 */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCity, useIndicatorMap, useIndicators, useSeries } from '../catalogue/use-catalogue.ts';
import { nameIn } from '../ui/format.ts';
import { changeParams } from '../ui/query-params.ts';
import { useLanguage } from '../ui/use-language.ts';
import { ALL } from './browse.ts';
import { IndicatorList } from './indicator-list.tsx';
import { PlaceList } from './place-list.tsx';
import './browse.css';

export interface BrowseViewProps {
  /** A group's id, or `ALL`. */
  group: string;
  find: string;
  /** The indicator whose places are shown. */
  list: string | null;
  wantsSearch: boolean;
  /** False while the page opens: then the focus is not the panel's to move. */
  takesFocus: boolean;
}

const ROWS = '[data-row]';

/** Moves the focus from row to row; from the search, down into the first. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.nativeEvent.isComposing) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROWS)];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (at === 0 && step === -1) event.currentTarget.querySelector<HTMLElement>('.browse-find')?.focus();
  else rows[at === -1 ? 0 : Math.min(rows.length - 1, at + step)]?.focus();
  event.preventDefault();
}

export function BrowseView({ group, find, list, wantsSearch, takesFocus }: BrowseViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const listed = useRef<string | null>(null);
  const entry = useRef({ wantsSearch, takesFocus });
  entry.current = { wantsSearch, takesFocus };
  const back = (): void => {
    if (list !== null) changeParams({ list: null, ...(group === ALL && find === '' ? { group: ALL } : {}) });
    else if (find !== '') changeParams({ find: null, group });
    else changeParams({ group: null, find: null });
  };
  useEffect(() => {
    const cameFrom = listed.current;
    listed.current = list;
    if (entry.current.wantsSearch && list === null) {
      search.current?.focus();
      return;
    }
    // Only a focus that went with what was there before is given another place.
    if (!entry.current.takesFocus || (document.activeElement !== null && document.activeElement !== document.body)) return;
    const row = list === null && cameFrom !== null ? frame.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(cameFrom)}"]`) : null;
    (row ?? frame.current?.querySelector<HTMLElement>('.browse-back'))?.focus();
  }, [list]);
  const onKey = (event: KeyboardEvent<HTMLElement>): void => {
    moveFocus(event);
    if (event.key === 'Escape' && !event.nativeEvent.isComposing) back();
    if (event.key !== 'Enter' || event.target !== search.current || event.nativeEvent.isComposing) return;
    // The focus goes along with the step; the same key must not press what it lands on.
    event.preventDefault();
    frame.current?.querySelector<HTMLElement>(ROWS)?.click();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the controls inside, which have roles of their own
    <div ref={frame} className="browse" onKeyDown={onKey}>
      <Head group={group} list={list} onBack={back} />
      {list === null && <Search ref={search} find={find} />}
      <Body group={group} find={find} list={list} />
    </div>
  );
}

function Head({ group, list, onBack }: { group: string; list: string | null; onBack(): void }) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  const found = useCity().data?.groups.find((one) => one.id === group);
  const indicator = useIndicatorMap().get(list ?? '');
  const groupName = found === undefined ? t('all') : nameIn(found.name, lang);
  return (
    <header className="panel-head browse-head">
      <button type="button" className="browse-back" onClick={onBack}>
        <span aria-hidden="true">‹</span> {list === null ? t('title') : groupName}
      </button>
      <h2 id="vitals-title" className="truncate">
        {indicator === undefined ? groupName : nameIn(indicator.name, lang)}
        {indicator !== undefined && <span className="browse-unit"> {nameIn(indicator.unitLabel, lang)}</span>}
      </h2>
    </header>
  );
}

function Search({ find, ref }: { find: string; ref: React.Ref<HTMLInputElement> }) {
  const { t } = useTranslation('indicators');
  return (
    <div className="browse-search">
      <input
        ref={ref}
        className="browse-find"
        type="search"
        value={find}
        placeholder={t('find')}
        aria-label={t('findLong')}
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) =>
          changeParams({ find: event.target.value === '' ? null : event.target.value, group: new URLSearchParams(location.search).get('group') ?? ALL }, { replace: true })
        }
      />
      <kbd>/</kbd>
    </div>
  );
}

function Body({ group, find, list }: Pick<BrowseViewProps, 'group' | 'find' | 'list'>) {
  const { t } = useTranslation('indicators');
  const answers = [useIndicators(), useSeries(), useCity()];
  if (answers.some((answer) => answer.isPending)) {
    return (
      <p className="empty" role="status">
        {answers.some((answer) => answer.failureCount > 0) ? t('loadingAgain') : t('loading')}
      </p>
    );
  }
  return list === null ? <IndicatorList group={group} find={find} /> : <PlaceList key={list} id={list} />;
}
