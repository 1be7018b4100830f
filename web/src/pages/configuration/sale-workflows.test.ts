import { expect, it } from 'vitest';
import { withOption } from './sale-workflows';

const all = { id: 'a', name: 'A', validate_order: true, create_invoice: true, force_invoice_date: true, register_payment: true, payment_journal: 'bank', confirm_shipment: true, partial_shipment: true };

it('keeps an option only while its parent is on', () => {
  expect(withOption(all, 'create_invoice', false)).toMatchObject({ validate_order: true, force_invoice_date: false, register_payment: false, payment_journal: '', confirm_shipment: true });
  expect(withOption(all, 'confirm_shipment', false)).toMatchObject({ partial_shipment: false, register_payment: true });
  expect(withOption(all, 'validate_order', false)).toMatchObject({ create_invoice: false, register_payment: false, confirm_shipment: false, partial_shipment: false });
});
