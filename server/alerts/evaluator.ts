/**
 * Brings alerts up to date inside one transaction: with the readings of touched spans, with passing time, with a new catalogue, or
 * with a person's acknowledgement. State and journal are written together; what changed is returned for the hub, to be published after the commit.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { rulesFor } from '../catalogue/scope.ts';
import { type Actor, AppError, type Series } from '../contract/index.ts';
import type { SeriesRegistry } from '../indicators/registry.ts';
import { appendJournal, type NewEntry } from '../journal/store.ts';
import { latenessMs } from '../readings/staleness.ts';
import { applyEvent, isIdle, type JudgedReading, judgeSeries, openTrack, type Track, termsOf } from './judge.ts';
import { sameTerms } from './state.ts';
import { step } from './step.ts';
import {
  type AlertRecord,
  type Connection,
  evaluatedThrough,
  insertAlert,
  lockAlert,
  lockAlertsOfSeries,
  lockDueAlerts,
  lockLivingAlerts,
  readingsToJudge,
  saveAlerts,
  setEvaluatedThrough,
  type TouchedRange,
} from './store.ts';

/** What every evaluation is made with: one catalogue, one moment. */
export interface Situation {
  catalogue: Catalogue;
  /** The store's number of that catalogue. */
  catalogueVersion: number;
  registry: SeriesRegistry;
  now: number;
}

interface Job {
  rule: string;
  series: Series;
  tracks: Track[];
}

/** Alerts judged in one transaction by time alone. */
const DUE_BATCH = 500;

/** Judges what was newly stored in `ranges`. Readings older than the indicator's lateness are stored only. */
export async function evaluateTouched(connection: Connection, ranges: readonly TouchedRange[], situation: Situation): Promise<AlertRecord[]> {
  const spans = spansToJudge(ranges, situation);
  if (spans.size === 0) return [];
  const ids = [...spans.keys()];
  const rows = await readingsToJudge(
    connection,
    [...spans].map(([series, span]) => ({ series, ...span })),
  );
  const through = await evaluatedThrough(connection, ids);
  const living = groupBySeries(await lockAlertsOfSeries(connection, ids));
  const readings = new Map<number, JudgedReading[]>();
  const newThrough = new Map<number, number>();
  for (const row of rows) {
    if (row.observed_at < (through.get(row.series_id) ?? Number.NEGATIVE_INFINITY)) continue;
    const list = readings.get(row.series_id);
    const reading = { observedAt: row.observed_at, value: row.value, quality: row.quality };
    if (list === undefined) readings.set(row.series_id, [reading]);
    else list.push(reading);
    newThrough.set(row.series_id, row.observed_at);
  }
  const jobs: Job[] = [];
  for (const [id, list] of readings) {
    const series = situation.registry.get(id);
    const indicator = series && situation.catalogue.indicators.get(series.indicator);
    if (series === undefined || indicator === undefined) continue;
    for (const rule of rulesFor(situation.catalogue, series)) {
      const stored = living.get(id)?.find((record) => record.rule === rule.id) ?? null;
      const tracks = judgeSeries(openTrack(stored, termsOf(rule, indicator.staleAfterMs)), rule, { readings: list, now: situation.now });
      jobs.push({ rule: rule.id, series, tracks });
    }
  }
  await setEvaluatedThrough(connection, newThrough);
  return persist(connection, jobs, situation);
}

function spansToJudge(ranges: readonly TouchedRange[], { catalogue, registry, now }: Situation): Map<number, { from: number; to: number }> {
  const spans = new Map<number, { from: number; to: number }>();
  for (const range of ranges) {
    const series = registry.get(range.series);
    const indicator = series && catalogue.indicators.get(series.indicator);
    if (series === undefined || indicator === undefined || rulesFor(catalogue, series).length === 0) continue;
    // Measured from when it was received: a reading that was in time is judged, however late this server gets to it.
    const from = Math.max(range.firstAt, Math.min(now, range.receivedAt) - latenessMs(indicator.intervalMs, indicator.staleAfterMs));
    if (from > range.lastAt) continue;
    const known = spans.get(range.series);
    if (known === undefined) spans.set(range.series, { from, to: range.lastAt });
    else {
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, range.lastAt);
    }
  }
  return spans;
}

/** Lets time pass for alerts that are due: hold times run out, keep-firing ends, data grow stale. `more`: call again. */
export async function evaluateDue(connection: Connection, situation: Situation): Promise<{ changed: AlertRecord[]; more: boolean }> {
  const due = await lockDueAlerts(connection, situation.now, DUE_BATCH);
  const jobs = due.flatMap((record) => jobFor(record, situation, (track) => applyEvent(track, { kind: 'tick' }, situation.now)));
  return { changed: await persist(connection, jobs, situation), more: due.length === DUE_BATCH };
}

/**
 * Brings living alerts under a new catalogue: terms that changed apply, alerts whose rule no longer covers them close with that reason.
 * The newest readings are to be judged again afterwards, by touching them: a moved limit may raise an alert where there was none.
 */
export async function applyCatalogue(connection: Connection, situation: Situation): Promise<AlertRecord[]> {
  const jobs: Job[] = [];
  for (const record of await lockLivingAlerts(connection)) {
    const series = situation.registry.get(record.series);
    const indicator = series && situation.catalogue.indicators.get(series.indicator);
    if (series === undefined) continue;
    const rule = indicator === undefined ? undefined : rulesFor(situation.catalogue, series).find((one) => one.id === record.rule);
    const start = openTrack(record, record.state.terms);
    if (rule === undefined) {
      jobs.push({ rule: record.rule, series, tracks: applyEvent(start, { kind: 'rule_withdrawn' }, situation.now) });
      continue;
    }
    const terms = termsOf(rule, indicator?.staleAfterMs ?? null);
    if (sameTerms(terms, record.state.terms)) continue;
    jobs.push({ rule: record.rule, series, tracks: applyEvent(start, { kind: 'rule_changed', terms }, situation.now) });
  }
  return persist(connection, jobs, situation);
}

/** @throws AppError `not_found`; `conflict` when there is nothing to acknowledge. */
export async function acknowledgeAlert(connection: Connection, request: { id: string; actor: Actor; comment: string | null }, situation: Situation): Promise<AlertRecord[]> {
  const record = await lockAlert(connection, request.id);
  if (record === null) throw new AppError('not_found', `There is no alert ${request.id}.`);
  const event = { kind: 'acknowledge' as const, actor: request.actor, comment: request.comment };
  const { refused } = step(record.state, event, situation.now);
  if (refused !== null) throw new AppError('conflict', refusalText[refused], { path: refused });
  const jobs = jobFor(record, situation, (track) => applyEvent(track, event, situation.now));
  return persist(connection, jobs, situation);
}

const refusalText = {
  already_acknowledged: 'The alert is acknowledged already.',
  not_fired: 'The alert has not fired; there is nothing to acknowledge.',
  ended: 'The alert has ended.',
};

function jobFor(record: AlertRecord, situation: Situation, change: (track: Track) => Track[]): Job[] {
  const series = situation.registry.get(record.series);
  if (series === undefined) return [];
  return [{ rule: record.rule, series, tracks: change(openTrack(record, record.state.terms)) }];
}

function groupBySeries(records: readonly AlertRecord[]): Map<number, AlertRecord[]> {
  const groups = new Map<number, AlertRecord[]>();
  for (const record of records) {
    const group = groups.get(record.series);
    if (group === undefined) groups.set(record.series, [record]);
    else group.push(record);
  }
  return groups;
}

/** Writes every track that moved, with its journal; returns those whose changes people should see. */
async function persist(connection: Connection, jobs: readonly Job[], situation: Situation): Promise<AlertRecord[]> {
  const records: AlertRecord[] = [];
  const visible: AlertRecord[] = [];
  const entries: { record: AlertRecord; entry: NewEntry }[] = [];
  for (const { rule, series, tracks } of jobs) {
    for (const track of tracks) {
      if (!track.moved || isIdle(track)) continue;
      const record = await recordFor(connection, track, { rule, series, situation });
      records.push(record);
      if (track.changes.length > 0) visible.push(record);
      for (const change of track.changes) entries.push({ record, entry: entryFor(change, record, { series, situation }) });
    }
  }
  const journalIds = await appendJournal(
    connection,
    entries.map(({ entry }) => entry),
    situation.now,
  );
  entries.forEach(({ record }, i) => {
    record.journalId = journalIds[i] ?? record.journalId;
  });
  await saveAlerts(connection, records, situation.catalogueVersion);
  return visible;
}

async function recordFor(connection: Connection, track: Track, context: { rule: string; series: Series; situation: Situation }): Promise<AlertRecord> {
  const { rule, series, situation } = context;
  if (track.id !== null) return { id: track.id, rule, series: series.id, state: track.state, journalId: 0 };
  return insertAlert(connection, { rule, series: series.id, state: track.state, catalogueVersion: situation.catalogueVersion, now: situation.now });
}

/** A journal line copies the triggering value and the rule's version: it must be readable when both are long gone. */
function entryFor(change: Track['changes'][number], record: AlertRecord, { series, situation }: { series: Series; situation: Situation }): NewEntry {
  const { kind, actor, detail, ...rest } = change;
  return {
    kind: `alert_${kind}`,
    alertId: record.id,
    actor: actor ?? { kind: 'rule', id: record.rule, name: situation.catalogue.rules.get(record.rule)?.name.zh ?? record.rule },
    detail: { rule: record.rule, ruleVersion: situation.catalogueVersion, indicator: series.indicator, place: series.place, facet: series.facet, ...rest, ...detail },
  };
}
