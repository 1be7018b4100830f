import { wordFor } from '../words/words';

/** Each state of anything has one colour and one word, wherever it is shown. */
export const tones: Record<string, string> = {
  draft: 'grey', connected: 'yellow', active: 'green', deactivated: 'red',
  waiting: 'grey', in_progress: 'blue', running: 'blue', done: 'green', parked: 'orange', failed: 'red', cancelled: 'grey', paused: 'yellow',
  in_erp: 'grey', due: 'grey', blocked: 'orange', retrying: 'yellow',
  synchronised: 'green', unsynchronised: 'orange', trashed: 'red', deleted: 'red', never_exported: 'grey',
  disabled: 'red', missing: 'grey', created: 'green', updated: 'blue', unchanged: 'grey', skipped: 'grey', create: 'green', update: 'blue',
  filtered: 'yellow', before_cut_off: 'yellow', not_imported: 'yellow', seen: 'grey',
  match: 'green', conflict: 'orange', unmatched: 'grey', linked: 'blue', refused: 'red',
  quotation: 'grey', confirmed: 'green', ready: 'blue', publish: 'green', private: 'yellow', pending: 'grey', success: 'green',
  sending: 'blue', sent: 'green',
};

export const toneOf = (state?: string) => tones[state ?? ''] ?? 'grey';

export function State({ value, live }: { value?: string; live?: boolean }) {
  if (!value) return null;
  return (
    <span className="badge" data-tone={toneOf(value)} data-live={live ?? (value === 'in_progress' || value === 'running')}>
      {wordFor('state', value)}
    </span>
  );
}
