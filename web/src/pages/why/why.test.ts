import { expect, it } from 'vitest';
import type { Found } from './find';
import { verdictOf } from './why';

it('names what keeps a record away, the most urgent first', () => {
  const of = (more: object) => verdictOf({ instance: 'a', entity: 'order', wooId: '1', ...more } as Found);
  expect(of({})).toBe('seen');
  expect(of({ link: { state: 'synchronised' } })).toBe('landed');
  expect(of({ link: { state: 'unsynchronised' } })).toBe('changed');
  expect(of({ link: { state: 'synchronised' }, order: { state: 'blocked' } })).toBe('held');
  expect(of({ link: { state: 'synchronised', store_state: 'deleted' } })).toBe('gone');
  expect(of({ link: { state: 'synchronised' }, job: { state: 'parked' } })).toBe('parked');
  expect(of({ job: { state: 'failed' } })).toBe('failed');
  expect(of({ job: { state: 'in_progress' } })).toBe('waiting');
  expect(of({ link: { state: 'synchronised' }, job: { state: 'done' } })).toBe('landed');
});
