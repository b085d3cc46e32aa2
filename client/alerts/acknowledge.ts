/**
 * Acknowledging: shown at once, confirmed by the server. While the call is under way the alert keeps its place and says so; what the
 * server answers lands like any other alert, so an older answer can never undo a newer truth.
 */
import { useMutation } from '@tanstack/react-query';
import { createStore, useStore } from 'zustand';
import type { Alert } from '../../server/contract/index.ts';
import { sendJson } from '../http/call.ts';
import { landAlerts } from '../live/landing.ts';
import { liveStore } from '../live/store.ts';

/** Ids of alerts whose acknowledgement is under way. */
const underWay = createStore<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set<string>() }));

export function useIsUnderWay(id: string): boolean {
  return useStore(underWay, (state) => state.ids.has(id));
}

function mark(id: string, on: boolean): void {
  underWay.setState(({ ids }) => {
    const next = new Set(ids);
    if (on) next.add(id);
    else next.delete(id);
    return { ids: next };
  });
}

export interface Acknowledging {
  alert: Alert;
  comment: string;
}

export interface AcknowledgeOutcome {
  onDone(answer: Alert, asked: Acknowledging): void;
  onFailed(error: Error, asked: Acknowledging): void;
}

export function useAcknowledge({ onDone, onFailed }: AcknowledgeOutcome) {
  return useMutation<{ alert: Alert }, Error, Acknowledging>({
    mutationFn: ({ alert, comment }) => sendJson('POST', `/api/v1/alerts/${alert.id}/acknowledge`, comment.trim() === '' ? {} : { comment: comment.trim() }),
    onMutate: ({ alert }) => mark(alert.id, true),
    onSuccess: ({ alert }, asked) => {
      liveStore.setState((state) => ({ alerts: landAlerts(state.alerts, [alert]) }));
      onDone(alert, asked);
    },
    onError: onFailed,
    onSettled: (_answer, _error, { alert }) => mark(alert.id, false),
  });
}
