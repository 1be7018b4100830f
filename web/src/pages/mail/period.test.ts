import { expect, it } from 'vitest';
import { lastMonth } from './period';

it('names the month before', () => {
  expect(lastMonth(new Date(2026, 2, 31))).toBe('2026-02');
  expect(lastMonth(new Date(2026, 0, 1))).toBe('2025-12');
});
