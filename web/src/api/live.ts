import { useEffect } from 'react';
import { queries, refresh, type Schemas } from './client';

type Operation = Schemas['Operation'];

const ended = new Set(['done', 'failed', 'cancelled']);
let due: ReturnType<typeof setTimeout> | undefined;

/** Lists are read again at most every two seconds, however fast records move. */
function refreshSoon(after: number) {
  due ??= setTimeout(() => {
    due = undefined;
    refresh('/operations', '/jobs', '/logs', '/links', '/orders', '/reports/activity', '/instances');
  }, after);
}

function take(operation: Operation) {
  queries.setQueryData(['get', '/operations/{operation}', { params: { path: { operation: operation.id } } }], operation);
  refreshSoon(ended.has(operation.state) ? 300 : 2_000);
}

function listen(tell: (o: Operation) => void) {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('operation', (e) => tell(JSON.parse((e as MessageEvent<string>).data) as Operation));
  return () => source.close();
}

/**
 * Follows the operations under way. One tab of a browser holds the stream and passes on what it hears: a browser opens few
 * connections to one server, and each open stream takes one for good.
 */
export function useLive(on: boolean) {
  useEffect(() => {
    if (!on) return undefined;
    if (!navigator.locks || typeof BroadcastChannel === 'undefined') return listen(take);
    const channel = new BroadcastChannel('tandem-operations');
    channel.addEventListener('message', (e: MessageEvent<Operation>) => take(e.data));
    const left = new AbortController();
    const tell = (o: Operation) => { take(o); channel.postMessage(o); };
    navigator.locks.request('tandem-operations', { signal: left.signal }, () => {
      const stop = listen(tell);
      return new Promise<void>((resolve) => left.signal.addEventListener('abort', () => { stop(); resolve(); }));
    }).catch(() => {});
    return () => { left.abort(); channel.close(); };
  }, [on]);
}
