/** The live protocol, namespace `/live`. `docs/protocol.md` tells it in words. */
import { z } from 'zod';
import type { Alert } from './alert.ts';
import type { Latest } from './reading.ts';
import type { Simulation } from './simulation.ts';
import type { SourceHealth } from './source.ts';

/** Sent in socket.io's `auth`. */
export const handshakeSchema = z.object({
  protocol: z.number().int(),
  resume: z.object({ epoch: z.string().max(64), seq: z.number().int().nonnegative() }).optional(),
  /** A wall's or a script's bearer token; a browser sends its session cookie instead. */
  token: z.string().max(256).optional(),
});
export type Handshake = z.infer<typeof handshakeSchema>;

/** State of the catalogue: `problems` are those of the newest edit that was refused while the last good one is kept. */
export interface CatalogueState {
  version: string;
  loadedAt: number;
  problems: { file: string; path: string; message: string }[];
}

export interface Welcome {
  protocol: number;
  /** Changes when the server starts anew: a `seq` means something only within its epoch. */
  epoch: string;
  seq: number;
  serverTime: number;
  build: string;
}

export interface Snapshot {
  epoch: string;
  /** The first delta that follows has `seq + 1`. */
  seq: number;
  serverTime: number;
  latest: Latest[];
  alerts: Alert[];
  catalogue: CatalogueState;
}

/** A compact reading: series, observedAt, receivedAt, value, quality, reason. `stale` is for the client's own clock to tell. */
export type ReadingDelta = Pick<Latest, 'series' | 'indicator' | 'place' | 'facet' | 'observedAt' | 'receivedAt' | 'value' | 'quality' | 'qualityReason' | 'simulated'>;

export interface ReadingsFrame {
  seq: number;
  serverTime: number;
  readings: ReadingDelta[];
  /** True when this client was too slow, or the flow too wide: older values of a series were left out, the newest is here. */
  thinned: boolean;
}

export interface AlertsFrame {
  seq: number;
  serverTime: number;
  /** Whole alerts, newest state; an ended one (resolved and acknowledged, or inactive) is to be taken off the list. */
  alerts: Alert[];
}

export interface CatalogueFrame {
  seq: number;
  serverTime: number;
  catalogue: CatalogueState;
}

/** A sign of life for seconds in which no numbered frame goes out; it changes nothing. */
export interface Heartbeat {
  serverTime: number;
  seq: number;
}

/** How all sources fare. Without `seq`: each one is whole and replaces the one before. */
export interface SourcesFrame {
  serverTime: number;
  sources: SourceHealth[];
}

export interface ServerToClientEvents {
  welcome(message: Welcome): void;
  snapshot(message: Snapshot): void;
  readings(frame: ReadingsFrame): void;
  alerts(frame: AlertsFrame): void;
  catalogue(frame: CatalogueFrame): void;
  sources(frame: SourcesFrame): void;
  /** Whole, like `sources`; only in a city with a simulator: after the welcome, and when it changes. */
  simulation(frame: Simulation): void;
  heartbeat(message: Heartbeat): void;
  /** The last message before the server hangs up, with a code of the error catalogue. */
  refused(message: { code: string; message: string }): void;
}

export interface ClientToServerEvents {
  /** Asks for the stream; the answer is a snapshot, or the missed deltas when the handshake's `resume` could be honoured. */
  subscribe(): void;
}
