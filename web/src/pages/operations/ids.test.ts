import { expect, it } from 'vitest';
import { idsOf, moment } from './ids';

it('reads ids as people paste them', () => {
  for (const text of ['111,222,333', '111 222\n333', ' #111; 222 ,,333,111']) expect(idsOf(text)).toEqual(['111', '222', '333']);
  expect(idsOf(' , ')).toEqual([]);
});

it('takes a range to the end of its last day', () => {
  const hours = (new Date(moment('2026-03-10', true)).getTime() - new Date(moment('2026-03-10')).getTime()) / 3_600_000;
  expect(hours).toBe(24);
});
