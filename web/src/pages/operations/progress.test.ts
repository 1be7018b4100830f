import { expect, it } from 'vitest';
import type { Schemas } from '../../api/client';
import { paceOf } from './progress';

const part = (total: number, created: number, failed = 0) => ({ instance: 'a', entity: 'order', state: 'running', total, read: created, created, updated: 0, unchanged: 0, parked: 0, failed, requests: 2 }) as Schemas['Progress'];
const operation = (progress: Schemas['Progress'][], more: object = {}) => ({ id: '1', progress, started_at: '2026-01-01T00:00:00Z', ...more }) as Schemas['Operation'];

it('says how far, how fast and how long still', () => {
  const pace = paceOf(operation([part(100, 20, 5), part(100, 25)]), Date.parse('2026-01-01T00:02:00Z'));
  expect(pace).toMatchObject({ total: 200, done: 50, share: 0.25, perMinute: 25, msLeft: 360_000, requests: 4 });
});

it('promises nothing while nothing is known', () => {
  expect(paceOf(operation([part(0, 0)]), Date.parse('2026-01-01T00:02:00Z'))).toMatchObject({ share: undefined, perMinute: undefined, msLeft: undefined });
});

it('counts more than was announced without passing the whole', () => {
  expect(paceOf(operation([part(10, 12)], { finished_at: '2026-01-01T00:01:00Z' })).share).toBe(1);
});
