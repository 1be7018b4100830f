import type { Schemas } from '../../api/client';

type Operation = Schemas['Operation'];

export const done = (p: Schemas['Progress']) => p.created + p.updated + p.unchanged + p.parked + p.failed;

export interface Pace { total: number; done: number; share?: number; perMinute?: number; msLeft?: number; took: number; requests: number }

/** How far an operation is, how fast it goes and how long it still takes, as far as the totals are known. */
export function paceOf(o: Operation, now = Date.now()): Pace {
  const parts = o.progress;
  const total = parts.reduce((n, p) => n + Math.max(p.total, done(p)), 0);
  const finished = parts.reduce((n, p) => n + done(p), 0);
  const ended = o.finished_at ? new Date(o.finished_at).getTime() : now;
  const minutes = o.started_at ? (ended - new Date(o.started_at).getTime()) / 60_000 : 0;
  const perMinute = minutes > 0.02 && finished > 0 ? finished / minutes : undefined;
  const left = !o.finished_at && perMinute && total > finished ? ((total - finished) / perMinute) * 60_000 : undefined;
  return { total, done: finished, share: total > 0 ? finished / total : undefined, perMinute, msLeft: left, took: minutes * 60_000, requests: parts.reduce((n, p) => n + p.requests, 0) };
}
