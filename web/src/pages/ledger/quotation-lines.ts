import type { Schemas } from '../../api/client';
import { number } from './numbers';

type Order = Schemas['LedgerOrder'];
type Line = Schemas['LedgerOrderLine'];

/** A line as it is edited: figures are what a person typed. What is not edited here stays as it was. */
export interface Draft { key: number; old?: Line; kind: NonNullable<Line['kind']>; product?: string; description: string; quantity: string; unit_price: string; discount: string; taxes: string[] }

let made = 0;
export const newLine = (): Draft => ({ key: made++, kind: 'product', description: '', quantity: '1', unit_price: '', discount: '', taxes: [] });

export const draftOf = (line: Line): Draft => ({
  key: made++, old: line, kind: line.kind ?? 'product', product: line.product, description: line.description ?? '', quantity: line.quantity ?? '1', unit_price: line.unit_price ?? '', discount: line.discount ?? '', taxes: line.taxes ?? [],
});

/** The line as the API takes it; undefined while something is missing or is no number. */
export function lineOf(d: Draft): Line | undefined {
  const quantity = number(d.quantity);
  const unit_price = number(d.unit_price);
  const discount = d.discount.trim() === '' ? '0' : number(d.discount);
  if (quantity === undefined || unit_price === undefined || discount === undefined) return undefined;
  if (d.kind === 'product' ? !d.product : !d.description.trim()) return undefined;
  return {
    ...(d.old?.id ? { id: d.old.id } : {}), kind: d.kind, ...(d.product ? { product: d.product } : {}), ...(d.description.trim() ? { description: d.description.trim() } : {}),
    quantity, unit_price, ...(discount === '0' ? {} : { discount }), taxes: d.taxes,
  };
}

export interface Sold { value: string; label: string; price?: string }

/** What of a product can be sold, in one currency: the product itself, or each of its variants. */
export function soldOf(p: Schemas['LedgerProduct'], currency: string): Sold[] {
  const price = (prices?: Schemas['LedgerPrice'][]) => (prices?.find((x) => x.kind === 'sale' && x.currency === currency && !x.from && !x.until) ?? prices?.find((x) => x.kind !== 'sale' && x.currency === currency))?.amount;
  if (!p.variants?.length) return [{ value: p.id, label: [p.name, p.sku].filter(Boolean).join(' · '), price: price(p.prices) }];
  return p.variants.filter((v) => v.id && v.active !== false).map((v) => ({ value: v.id!.includes('/') ? v.id! : `${p.id}/${v.id}`, label: [p.name, Object.values(v.options ?? {}).join(', '), v.sku].filter(Boolean).join(' · '), price: price(v.prices) }));
}

/** A patch that replaces the lines and what else was edited. */
export const patchOf = (before: Order, lines: Line[], note: string) => ({ lines, ...(note === (before.note ?? '') ? {} : { note: note || null }) });
