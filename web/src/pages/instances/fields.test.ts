import { expect, it } from 'vitest';
import de from '../../words/de.json';
import en from '../../words/en.json';
import { changesOf, tabOf, tabs, valueAt, withValue, type Config } from './fields';

const config: Config = { general: { warehouse: 'WH', currencies: ['USD'] }, order: { prefix: 'A', workflows: [{ match: 'processing', workflow: 'default' }] } };

it('sends only what changed, and a list as a whole', () => {
  expect(changesOf(config, config)).toEqual({});
  expect(changesOf(config, withValue(config, 'order.prefix', 'B'))).toEqual({ order: { prefix: 'B' } });
  expect(changesOf(config, withValue(config, 'general.currencies', ['USD', 'GBP']))).toEqual({ general: { currencies: ['USD', 'GBP'] } });
  expect(changesOf(config, withValue(config, 'ownership.product.price', 'erp'))).toEqual({ ownership: { product: { price: 'erp' } } });
});

it('leaves what it changes as it was', () => {
  withValue(config, 'general.warehouse', 'X');
  expect(valueAt(config, 'general.warehouse')).toBe('WH');
});

it('finds the tab of a field at fault', () => {
  expect(tabOf('config.general.warehouse')).toBe('general');
  expect(tabOf('order.workflows[0].workflow')).toBe('workflow');
  expect(tabOf('stock.field')).toBe('stock');
  expect(tabOf('consumer_key')).toBe('connection');
  expect(tabOf('nothing')).toBeUndefined();
});

it('explains every field, in each language', () => {
  for (const words of [en, de] as { config: object; configHelp: object }[]) {
    for (const { path } of Object.values(tabs).flat()) {
      expect(valueAt(words.config as Config, path), path).toBeTypeOf('string');
      if (!path.startsWith('ownership')) expect(valueAt(words.configHelp as Config, path), path).toBeTypeOf('string');
    }
  }
});
