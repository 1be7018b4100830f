package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

// orderRefs holds what the orders of a batch refer to. What the ledger does not have is missing from the maps.
type orderRefs struct {
	partners   map[erp.Key]held
	addresses  map[erp.Key]held
	priceLists map[erp.Key]held
	taxes      map[erp.Key]held
	variants   map[erp.Key]soldVariant
	settings   map[setting]int64 // a currency's value is its decimals, any other's is its id
}

// setting names a row of a settings table by its code.
type setting struct {
	Kind string
	Code string
}

// resolveOrderRefs looks everything up in one statement per kind, however many orders there are.
func resolveOrderRefs(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Order]) (refs orderRefs, err error) {
	var partners, addresses, priceLists, taxes, variants keySet
	for _, d := range drafts {
		o := d.record
		partners.add(o.Partner)
		addresses.add(o.InvoiceAddress, o.DeliveryAddress)
		priceLists.add(o.PriceList)
		taxes.add(taxesOf(o)...)
		for _, line := range o.Lines {
			variants.add(line.Product)
		}
	}
	if refs.partners, err = resolve(ctx, tx, "partner", partners.list); err != nil {
		return refs, err
	}
	if refs.addresses, err = resolve(ctx, tx, "address", addresses.list); err != nil {
		return refs, err
	}
	if refs.priceLists, err = resolve(ctx, tx, "price_list", priceLists.list); err != nil {
		return refs, err
	}
	if refs.taxes, err = resolve(ctx, tx, "tax", taxes.list); err != nil {
		return refs, err
	}
	if refs.variants, err = resolveSold(ctx, tx, variants.list); err != nil {
		return refs, err
	}
	refs.settings, err = readSettings(ctx, tx, drafts)
	return refs, err
}

// keySet collects keys, each once and the zero key never.
type keySet struct {
	list []erp.Key
	seen map[erp.Key]bool
}

func (s *keySet) add(keys ...erp.Key) {
	if s.seen == nil {
		s.seen = map[erp.Key]bool{}
	}
	for _, key := range keys {
		if !key.IsZero() && !s.seen[key] {
			s.seen[key] = true
			s.list = append(s.list, key)
		}
	}
}

const selectSettings = `
SELECT 'currency' AS kind, code, decimals AS value FROM ledger.currencies WHERE code = ANY ($1)
UNION ALL SELECT 'warehouse', code, id FROM ledger.warehouses WHERE code = ANY ($1)
UNION ALL SELECT 'sales team', code, id FROM ledger.sales_teams WHERE code = ANY ($1)
UNION ALL SELECT 'salesperson', code, id FROM ledger.salespeople WHERE code = ANY ($1)
UNION ALL SELECT 'payment term', code, id FROM ledger.payment_terms WHERE code = ANY ($1)`

func readSettings(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Order]) (map[setting]int64, error) {
	codes := map[string]bool{}
	for _, d := range drafts {
		for _, s := range settingsOf(d.record) {
			codes[s.Code] = true
		}
	}
	list := make([]string, 0, len(codes))
	for code := range codes {
		list = append(list, code)
	}
	var rows []struct {
		setting
		Value int64
	}
	if err := tx.SelectContext(ctx, &rows, selectSettings, pq.Array(list)); err != nil {
		return nil, classify(err)
	}
	settings := make(map[setting]int64, len(rows))
	for _, row := range rows {
		settings[row.setting] = row.Value
	}
	return settings, nil
}

// settingsOf lists the settings an order names. A currency and a warehouse are needed, the others may be empty.
func settingsOf(o *erp.Order) []setting {
	settings := []setting{{"currency", o.Currency}, {"warehouse", o.Warehouse}}
	for _, s := range []setting{{"sales team", o.SalesTeam}, {"salesperson", o.Salesperson}, {"payment term", o.PaymentTerm}} {
		if s.Code != "" {
			settings = append(settings, s)
		}
	}
	return settings
}

// check finds what of an order's references is not in the ledger; nil when all is.
func (refs orderRefs) check(o *erp.Order) *refusal {
	for _, s := range settingsOf(o) {
		if _, ok := refs.settings[s]; !ok {
			return failed("unknown_"+strings.ReplaceAll(s.Kind, " ", "_"), "there is no %s %q: choose one of the ERP's", s.Kind, s.Code)
		}
	}
	return refs.missing(o).refusal()
}

// missing lists the records an order waits for.
func (refs orderRefs) missing(o *erp.Order) missingRefs {
	var missing missingRefs
	for _, line := range o.Lines {
		if _, ok := refs.variants[line.Product]; line.Kind == erp.ProductLine && !ok {
			missing.add("product", line.Product)
		}
	}
	for _, key := range taxesOf(o) {
		if _, ok := refs.taxes[key]; !ok {
			missing.add("tax", key)
		}
	}
	if _, ok := refs.partners[o.Partner]; !ok {
		missing.add("partner", o.Partner)
	}
	for _, key := range []erp.Key{o.InvoiceAddress, o.DeliveryAddress} {
		if _, ok := refs.addresses[key]; !ok && !key.IsZero() {
			missing.add("address", key)
		}
	}
	if _, ok := refs.priceLists[o.PriceList]; !ok && !o.PriceList.IsZero() {
		missing.add("price_list", o.PriceList)
	}
	return missing
}

func taxesOf(o *erp.Order) []erp.Key {
	var keys keySet
	for _, tax := range o.Taxes {
		keys.add(tax.Tax)
	}
	for _, line := range o.Lines {
		for _, tax := range line.Taxes {
			keys.add(tax.Tax)
		}
	}
	return keys.list
}

// missingRefs collects all that is missing, so that the order is not woken for one of them only to wait for the next.
type missingRefs struct {
	first string
	keys  keySet
}

func (m *missingRefs) add(what string, key erp.Key) {
	if m.first == "" {
		m.first = what
	}
	m.keys.add(key)
}

func (m missingRefs) refusal() *refusal {
	if m.first == "" {
		return nil
	}
	names := make([]string, len(m.keys.list))
	for i, key := range m.keys.list {
		names[i] = key.String()
	}
	return &refusal{Status: erp.Parked, Code: "unknown_" + m.first, Waits: m.keys.list,
		Reason: fmt.Sprintf("not in the ledger yet: %s; import or map it", strings.Join(names, ", "))}
}
