import { beforeEach, expect, it, vi } from 'vitest';
import { badgeOf, canRead, find, isKnown, pageOf, saidBy, type Answer, type Found } from './find';

const { GET } = vi.hoisted(() => ({ GET: vi.fn() }));
vi.mock('../../api/client', () => ({ client: { GET } }));

const record = (more: object) => ({ instance: 'a', entity: 'order', woo_id: '7', state: 'landed', ...more }) as Found;
const answers: Record<string, unknown> = {};
beforeEach(() => {
  Object.assign(answers, { '/records/search': { items: [], more: false, not_in_store: [], unanswered: [], not_asked: [] } });
  GET.mockReset().mockImplementation((path: string) => Promise.resolve({ data: answers[path] ?? { items: [] } }));
});

it('asks once, and no store while somebody types', async () => {
  await find('R-7', []);
  expect(GET.mock.calls).toEqual([['/records/search', { params: { query: { q: 'R-7' } } }]]);
  await find('R-7', [], true);
  expect(GET.mock.calls[1]).toEqual(['/records/search', { params: { query: { q: 'R-7', local_only: true } } }]);
});

it('names found records as the ledger does, and adds those that only the ledger found', async () => {
  answers['/records/search'] = { items: [record({ state: 'parked', job: 4 })], more: false, not_in_store: ['b'], unanswered: [], not_asked: [] };
  answers['/ledger/orders'] = { items: [{ id: '9', number: 'WEB-7' }] };
  answers['/links'] = { items: [
    { instance: 'a', entity: 'order', woo_id: '7', erp_id: '9', state: 'synchronised' }, { instance: 'b', entity: 'order', woo_id: '8', erp_id: '9', state: 'synchronised', store_state: 'trashed' },
    { instance: 'odoo', entity: 'order', woo_id: '5', erp_id: '9', state: 'synchronised' },
  ] };
  const { found, ledger } = await find('web-7', ['a', 'b']);
  expect(found.map((f) => [f.instance, f.state, f.label])).toEqual([['a', 'parked', 'WEB-7'], ['b', 'gone', 'WEB-7']]);
  expect(ledger).toEqual([]);
  expect(badgeOf(found[1]!)).toBe('trashed');
});

it('takes no record of another ERP for one of the ledger that has the same id', async () => {
  answers['/records/search'] = { items: [record({ instance: 'odoo', erp_id: '9' })], more: false, not_in_store: [], unanswered: [], not_asked: [] };
  answers['/ledger/orders'] = { items: [{ id: '9', number: 'WEB-7' }] };
  answers['/links'] = { items: [] };
  const { found, ledger } = await find('7', ['a']);
  expect(found.map((f) => [f.instance, f.label])).toEqual([['odoo', undefined]]);
  expect(ledger.map((l) => l.label)).toEqual(['WEB-7']);
});

it('gives the problem of a search that failed', async () => {
  GET.mockResolvedValue({ error: { status: 503 } });
  await expect(find('x', [])).rejects.toEqual({ status: 503 });
});

it('offers what helps', () => {
  expect(canRead(record({ state: 'not_imported' }))).toBe(true);
  expect(canRead(record({ state: 'before_cut_off', code: 'cut_off' }))).toBe(true);
  expect(canRead(record({ state: 'filtered', code: 'order_status' }))).toBe(true);
  expect(canRead(record({ state: 'filtered', code: 'cart' }))).toBe(false);
  expect(canRead(record({}))).toBe(false);
  expect(isKnown(record({ state: 'filtered' }))).toBe(false);
  expect(isKnown(record({ state: 'seen' }))).toBe(true);
  expect(pageOf(record({}))).toBe('/orders/a/7');
  expect(pageOf(record({ entity: 'product' }))).toBe('/records/a/product/7');
  expect([record({ state: 'held' }), record({ state: 'changed' }), record({}), record({ state: 'filtered' })].map(badgeOf)).toEqual(['blocked', 'unsynchronised', 'done', 'filtered']);
});

it('says what each store said', () => {
  const answer = { found: [record({})], ledger: [], search: { items: [], more: false, not_in_store: ['a', 'b'], unanswered: [{ instance: 'c', code: 'unavailable', reason: 'it is away' }], not_asked: ['d'] } } as Answer;
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => saidBy(id, answer)?.says)).toEqual([undefined, 'notInStore', 'unanswered', 'notAsked', undefined]);
  expect(saidBy('c', answer)?.reason).toBe('it is away');
});
