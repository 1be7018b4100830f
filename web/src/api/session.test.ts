import { expect, it } from 'vitest';
import { mayOf } from './session';

it('follows the role', () => {
  expect(mayOf('viewer')).toEqual({ operate: false, admin: false });
  expect(mayOf('operator')).toEqual({ operate: true, admin: false });
  expect(mayOf('admin')).toEqual({ operate: true, admin: true });
  expect(mayOf(undefined)).toEqual({ operate: false, admin: false });
});
