/** One tile. Its state is told by words and hatching, its level by colour, shape and words: never by colour alone. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaceMap, useRulesOf } from '../catalogue/use-catalogue.ts';
import { Age } from '../live/age.tsx';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { formatLimit, formatNumber, type Language, levelName, levelNumerals, nameIn } from '../ui/format.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { useLanguage } from '../ui/use-language.ts';
import { limitFor, type Tile } from './tile.ts';

function Value({ tile, lang }: { tile: Tile; lang: Language }) {
  const { t } = useTranslation('indicators');
  if (tile.latest === undefined) {
    return (
      <span className="tile-missing num">
        <span aria-hidden="true">—</span>
        <span className="visually-hidden">{t('states.missing')}</span>
      </span>
    );
  }
  const doubtful = tile.state === 'suspect' || tile.state === 'bad';
  return (
    <span className="tile-value num">
      <span className={doubtful ? 'tile-number doubtful' : 'tile-number'}>{formatNumber(tile.latest.value, tile.indicator.decimals, lang)}</span>
      <span className="tile-unit">{nameIn(tile.indicator.unitLabel, lang)}</span>
    </span>
  );
}

/** Age, with the state in words where it is not good. */
function AgeNote({ tile }: { tile: Tile }) {
  const { t } = useTranslation('indicators');
  if (tile.latest === undefined) return <span className="tile-age loud">{t('states.missing')}</span>;
  return (
    <span className={tile.state === 'good' ? 'tile-age' : 'tile-age loud'}>
      {tile.state !== 'good' && <span>{t(`states.${tile.state}`)} </span>}
      <Age at={tile.latest.observedAt} />
    </span>
  );
}

function LimitNote({ tile, lang }: { tile: Tile; lang: Language }) {
  const { t } = useTranslation('indicators');
  const rules = useRulesOf(tile.indicator.id);
  const places = usePlaceMap();
  if (tile.unknown > 0 && tile.places > 1) {
    return (
      <span className="tile-unknown hatched" title={t('unknownLong', { count: tile.unknown, total: tile.places })}>
        {t('unknownOf', { count: tile.unknown })}
      </span>
    );
  }
  if (tile.vital === null || tile.latest === undefined) return null;
  if (tile.latest.qualityReason === 'filled') return <span className="tile-limit">{t('filled')}</span>;
  const limit = limitFor({ vital: tile.vital, value: tile.latest.value, rules, places });
  if (limit === null) return null;
  const text = formatLimit(limit.value, lang);
  return (
    <span className="tile-limit" title={t(limit.breached ? 'limitPassed' : 'limitAhead', { level: levelName(limit.level, lang), value: text })}>
      {t(limit.direction === 'above' ? 'limitAbove' : 'limitBelow')} {levelNumerals[limit.level]} <span className="num">{text}</span>
    </span>
  );
}

/** The place by name; when none of several has ever reported, their number, as none of them is the worst. */
function Where({ tile, lang }: { tile: Tile; lang: Language }) {
  const { t } = useTranslation('indicators');
  if (tile.vital === null) return t('noSeries');
  if (tile.latest === undefined && tile.places > 1) return t('places', { count: tile.places });
  return nameIn(tile.vital.place.name, lang);
}

/** Drawn anew only when the tile is another. */
export const TileFace = memo(function TileFace({ tile }: { tile: Tile }) {
  const { t } = useTranslation('indicators');
  const lang = useLanguage();
  const { vital, alert, indicator, state } = tile;
  const selected = useLive(
    (live) => vital !== null && live.selected?.indicator === vital.indicator.id && live.selected.place === vital.place.id && live.selected.facet === vital.series.facet,
  );
  const level = alert?.level ?? undefined;
  const facet = vital?.series.facet == null ? null : indicator.facets.find((one) => one.id === vital.series.facet);
  const take = (): void => {
    if (vital !== null) liveStore.getState().select({ indicator: indicator.id, place: vital.place.id, facet: vital.series.facet });
  };
  return (
    <li className="tile" data-level={level} data-state={state}>
      <button type="button" className="tile-button" aria-pressed={selected} disabled={vital === null} onClick={take}>
        <span className="tile-head">
          {level !== undefined && <LevelMark level={level} state={alert?.acknowledged === true ? 'hollow' : 'solid'} />}
          {level !== undefined && <span className="visually-hidden">{levelName(level, lang)}</span>}
          <span className="tile-name truncate" title={nameIn(indicator.name, lang)}>
            {nameIn(indicator.name, lang)}
          </span>
          <AgeNote tile={tile} />
        </span>
        <span className="tile-body">
          <Value tile={tile} lang={lang} />
          <span className="tile-spark" data-spark={vital?.series.id} data-level={level} data-state={state}>
            <canvas />
          </span>
        </span>
        <span className="tile-foot">
          <span className="tile-place truncate" title={vital === null ? undefined : nameIn(vital.place.name, lang)}>
            <Where tile={tile} lang={lang} />
            {facet != null && ` ${nameIn(facet.name, lang)}`}
            {tile.places > 1 && tile.unknown === 0 && <span className="tile-worst"> {t('worstOf', { count: tile.places })}</span>}
          </span>
          <LimitNote tile={tile} lang={lang} />
        </span>
      </button>
    </li>
  );
});
