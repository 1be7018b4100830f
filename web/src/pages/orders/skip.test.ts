import { expect, it } from 'vitest';
import type { Schemas } from '../../api/client';
import { skippable } from './skip';

const order = (planned: string[], done: string[]) => ({ planned, steps: done.map((name) => ({ name, state: 'done' })) }) as Schemas['Order'];

it('offers to skip what is planned and not done, but never validation', () => {
  expect(skippable(order(['validate', 'invoice', 'pay', 'ship'], ['validate', 'invoice']))).toEqual(['pay', 'ship']);
  expect(skippable(order(['validate', 'ship'], []))).toEqual(['ship']);
  expect(skippable(order(['validate'], []))).toEqual([]);
});
