package e2e

import (
	"strings"

	"github.com/stretchr/testify/require"
)

// Two imports of one store end in the same ledger, but for ids, the time of day, the numbers of changes, and who got which invoice number. The
// dumps leave those out: a record is named by all of its external keys, and whatever points to it by the same.
const keyed = `
WITH keyed AS (
  SELECT model, record_id, string_agg(instance || '/' || entity || '/' || ext_id, ' ' ORDER BY entity, ext_id) AS key
  FROM ledger.external_ids GROUP BY model, record_id)
`

// dumps read one kind of content each, as one line of text per record.
var dumps = map[string]string{
	"keys": `SELECT model || ' ' || instance || '/' || entity || '/' || ext_id || ' ' || digest FROM ledger.external_ids`,
	"terms": `SELECT k.key || ' ' || coalesce(p.key, '') || (to_jsonb(t) - '{id,parent_id}'::text[])::text
		FROM ledger.terms t LEFT JOIN keyed k ON k.model = 'term' AND k.record_id = t.id
		LEFT JOIN keyed p ON p.model = 'term' AND p.record_id = t.parent_id`,
	"taxes": `SELECT k.key || (to_jsonb(t) - 'id')::text
		FROM ledger.taxes t LEFT JOIN keyed k ON k.model = 'tax' AND k.record_id = t.id`,
	"price lists": `SELECT k.key || (to_jsonb(t) - 'id')::text
		FROM ledger.price_lists t LEFT JOIN keyed k ON k.model = 'price_list' AND k.record_id = t.id`,
	"products": `SELECT k.key || coalesce(c.key, '') || (to_jsonb(t) - '{id,shipping_class_id}'::text[])::text
		FROM ledger.products t LEFT JOIN keyed k ON k.model = 'product' AND k.record_id = t.id
		LEFT JOIN keyed c ON c.model = 'term' AND c.record_id = t.shipping_class_id`,
	"variants": `SELECT k.key || ' ' || p.key || (to_jsonb(t) - '{id,product_id}'::text[])::text || coalesce(o.options, '')
		FROM ledger.variants t LEFT JOIN keyed k ON k.model = 'variant' AND k.record_id = t.id
		LEFT JOIN keyed p ON p.model = 'product' AND p.record_id = t.product_id
		LEFT JOIN LATERAL (SELECT string_agg(attribute || '=' || value, ',' ORDER BY position) AS options
		  FROM ledger.variant_options WHERE variant_id = t.id) o ON true`,
	"prices": `SELECT v.key || ' ' || l.key || (to_jsonb(t) - '{variant_id,price_list_id}'::text[])::text
		FROM ledger.prices t LEFT JOIN keyed v ON v.model = 'variant' AND v.record_id = t.variant_id
		LEFT JOIN keyed l ON l.model = 'price_list' AND l.record_id = t.price_list_id`,
	"product terms": `SELECT p.key || ' ' || k.key
		FROM ledger.product_terms t LEFT JOIN keyed p ON p.model = 'product' AND p.record_id = t.product_id
		LEFT JOIN keyed k ON k.model = 'term' AND k.record_id = t.term_id`,
	"product attributes": `SELECT p.key || coalesce(k.key, '') || (to_jsonb(t) - '{product_id,term_id}'::text[])::text
		FROM ledger.product_attributes t LEFT JOIN keyed p ON p.model = 'product' AND p.record_id = t.product_id
		LEFT JOIN keyed k ON k.model = 'term' AND k.record_id = t.term_id`,
	"components": `SELECT p.key || (to_jsonb(t) - 'product_id')::text
		FROM ledger.product_components t LEFT JOIN keyed p ON p.model = 'product' AND p.record_id = t.product_id`,
	"downloads": `SELECT p.key || (to_jsonb(t) - 'product_id')::text
		FROM ledger.downloads t LEFT JOIN keyed p ON p.model = 'product' AND p.record_id = t.product_id`,
	"images": `SELECT p.key || coalesce(v.key, '') || (to_jsonb(t) - '{product_id,variant_id}'::text[])::text
		FROM ledger.images t LEFT JOIN keyed p ON p.model = 'product' AND p.record_id = t.product_id
		LEFT JOIN keyed v ON v.model = 'variant' AND v.record_id = t.variant_id`,
	"partners": `SELECT k.key || (to_jsonb(t) - 'id')::text
		FROM ledger.partners t LEFT JOIN keyed k ON k.model = 'partner' AND k.record_id = t.id`,
	"addresses": `SELECT k.key || ' ' || p.key || (to_jsonb(t) - '{id,partner_id}'::text[])::text
		FROM ledger.addresses t LEFT JOIN keyed k ON k.model = 'address' AND k.record_id = t.id
		LEFT JOIN keyed p ON p.model = 'partner' AND p.record_id = t.partner_id`,
	"coupons": `SELECT k.key || (to_jsonb(t) - 'id')::text
		FROM ledger.coupons t LEFT JOIN keyed k ON k.model = 'coupon' AND k.record_id = t.id`,
	"orders": `SELECT k.key || ' ' || p.key || coalesce(i.key, '') || coalesce(d.key, '') || coalesce(l.key, '') || (to_jsonb(t) -
		  '{id,changed,partner_id,invoice_address_id,delivery_address_id,price_list_id,warehouse_id,sales_team_id,salesperson_id,payment_term_id}'::text[])::text
		FROM ledger.orders t LEFT JOIN keyed k ON k.model = 'order' AND k.record_id = t.id
		LEFT JOIN keyed p ON p.model = 'partner' AND p.record_id = t.partner_id
		LEFT JOIN keyed i ON i.model = 'address' AND i.record_id = t.invoice_address_id
		LEFT JOIN keyed d ON d.model = 'address' AND d.record_id = t.delivery_address_id
		LEFT JOIN keyed l ON l.model = 'price_list' AND l.record_id = t.price_list_id`,
	"order lines": `SELECT k.key || coalesce(v.key, '') || coalesce(x.taxes, '') || (to_jsonb(t) - '{order_id,variant_id,taxes}'::text[])::text
		FROM ledger.order_lines t LEFT JOIN keyed k ON k.model = 'order' AND k.record_id = t.order_id
		LEFT JOIN keyed v ON v.model = 'variant' AND v.record_id = t.variant_id
		LEFT JOIN LATERAL (SELECT string_agg(k.key || '=' || (e ->> 'amount'), ',' ORDER BY k.key) AS taxes
		  FROM jsonb_array_elements(t.taxes) e
		  LEFT JOIN keyed k ON k.model = 'tax' AND k.record_id = (e ->> 'tax')::bigint) x ON true`,
	"order taxes": `SELECT k.key || ' ' || x.key || (to_jsonb(t) - '{order_id,tax_id}'::text[])::text
		FROM ledger.order_taxes t LEFT JOIN keyed k ON k.model = 'order' AND k.record_id = t.order_id
		LEFT JOIN keyed x ON x.model = 'tax' AND x.record_id = t.tax_id`,
	"stock": `SELECT k.key || (to_jsonb(t) - '{variant_id,warehouse_id,counted_at,changed}'::text[])::text
		FROM ledger.stock_quants t LEFT JOIN keyed k ON k.model = 'variant' AND k.record_id = t.variant_id`,
	"deliveries": `SELECT k.key || ' ' || t.state || ' ' || coalesce(m.moves, '')
		FROM ledger.deliveries t LEFT JOIN keyed k ON k.model = 'order' AND k.record_id = t.order_id
		LEFT JOIN LATERAL (SELECT string_agg(v.key || '=' || s.quantity || ' ' || s.state, ',' ORDER BY v.key, s.quantity) AS moves
		  FROM ledger.stock_moves s LEFT JOIN keyed v ON v.model = 'variant' AND v.record_id = s.variant_id
		  WHERE s.delivery_id = t.id) m ON true`,
	"entries": `SELECT k.key || ' ' || p.key || ' ' || t.kind || ' ' || t.currency || ' ' || t.amount || ' ' || t.memo || ' ' || s.postings
		FROM ledger.journal_entries t LEFT JOIN keyed k ON k.model = 'order' AND k.record_id = t.order_id
		LEFT JOIN keyed p ON p.model = 'partner' AND p.record_id = t.partner_id
		LEFT JOIN LATERAL (SELECT string_agg(a.code || ' ' || coalesce(x.key, '') || o.debit || '/' || o.credit, ',' ORDER BY o.position) AS postings
		  FROM ledger.postings o JOIN ledger.accounts a ON a.id = o.account_id
		  LEFT JOIN keyed x ON x.model = 'tax' AND x.record_id = o.tax_id WHERE o.entry_id = t.id) s ON true`,
	"links": `SELECT entity || '/' || woo_id || ' ' || state || ' ' || digest FROM tandem.links`,
	"runs":  `SELECT woo_id || ' ' || state || ' ' || step || ' ' || plan::text FROM tandem.order_runs`,
}

// unnamed stands for a record that no external key names.
const unnamed = "not named by any key"

// dump gives the content of the ledger, and what Tandem keeps about it, by kind and sorted.
func dump(x *tandem) map[string][]string {
	x.t.Helper()
	all := map[string][]string{}
	for kind, query := range dumps {
		var lines []string
		query = strings.ReplaceAll(query, "to_jsonb(t) - ", "to_jsonb(t) - '{changed,changed_at}'::text[] - ")
		err := x.database.SelectContext(x.t.Context(), &lines,
			keyed+`SELECT coalesce(line, '`+unnamed+`') FROM (`+query+`) AS dumped (line) ORDER BY 1`)
		require.NoError(x.t, err, kind)
		require.NotContains(x.t, lines, unnamed, kind)
		all[kind] = lines
	}
	return all
}

// requireSame compares two dumps kind by kind and shows the lines that only one of them has.
func requireSame(t require.TestingT, want, got map[string][]string) {
	for kind, lines := range want {
		missing, extra := difference(lines, got[kind]), difference(got[kind], lines)
		if len(missing)+len(extra) > 0 {
			require.Failf(t, "the ledgers differ", "%s: %d missing, %d too many\n- %s\n+ %s", kind, len(missing), len(extra),
				strings.Join(missing[:min(3, len(missing))], "\n- "), strings.Join(extra[:min(3, len(extra))], "\n+ "))
		}
	}
}

// difference gives what is in a more often than in b.
func difference(a, b []string) []string {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	var rest []string
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			rest = append(rest, line)
		}
	}
	return rest
}
