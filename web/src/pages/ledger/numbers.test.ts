import { expect, it } from 'vitest';
import { less, number } from './numbers';

it('takes numbers as people type them', () => {
  expect(['12', ' 2,5 ', '0.125', '', '-1', '1e3', '1.000,5'].map(number)).toEqual(['12', '2.5', '0.125', undefined, undefined, undefined, undefined]);
});

it('subtracts exactly', () => {
  expect([less('3', '1'), less('0.3', '0.1'), less('2.5', '2.5'), less('1', '2'), less('10', '0.5'), less('20', '10')]).toEqual(['2', '0.2', '0', '0', '9.5', '10']);
});
