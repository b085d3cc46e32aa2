/**
 * The map's life in the page: made when its ground is there, destroyed with the page, and made anew where the camera stood
 * when a WebGL context was lost, however often that happens.
 */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type EngineOptions, MapEngine } from './map-engine.ts';

export type MapPhase = 'starting' | 'ready' | 'recovering' | 'unsupported';

/** The first try comes at once; then twice as long each time, but never rarer than this. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 15_000;

export interface MapLife {
  engine: MapEngine | null;
  phase: MapPhase;
}

type Wanted = Omit<EngineOptions, 'container' | 'camera' | 'onReady' | 'onLost'>;

/** `wanted` null until everything is there. Its callbacks and look are those of the moment the engine is made. */
export function useMapEngine(container: RefObject<HTMLDivElement | null>, wanted: Wanted | null): MapLife {
  const [life, setLife] = useState<MapLife>({ engine: null, phase: 'starting' });
  const newest = useRef(wanted);
  newest.current = wanted;
  const key = wanted === null ? null : wanted.city;
  const ground = wanted === null ? null : wanted.regions;

  useEffect(() => {
    if (key === null || ground === null) return;
    let engine: MapEngine | null = null;
    let camera: EngineOptions['camera'] = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = FIRST_RETRY_MS;
    let everWorked = false;

    const again = (): void => {
      setLife({ engine: null, phase: everWorked ? 'recovering' : 'unsupported' });
      if (!everWorked) return;
      timer = setTimeout(make, wait);
      wait = Math.min(wait * 2, LAST_RETRY_MS);
    };
    const lost = (): void => {
      camera = engine?.camera() ?? camera;
      engine?.destroy();
      engine = null;
      again();
    };
    const make = (): void => {
      const options = newest.current;
      if (container.current === null || options === null) return;
      const ready = (): void => {
        wait = FIRST_RETRY_MS;
        setLife({ engine, phase: 'ready' });
      };
      try {
        engine = new MapEngine({ ...options, container: container.current, camera, onReady: ready, onLost: lost });
        everWorked = true;
      } catch {
        again();
      }
    };
    make();
    return () => {
      clearTimeout(timer);
      engine?.destroy();
      setLife({ engine: null, phase: 'starting' });
    };
  }, [key, ground, container]);
  return life;
}
