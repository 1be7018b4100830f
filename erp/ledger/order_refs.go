package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

// orderRefs holds what the orders of a batch refer to. What the ledger does not have is missing from the maps.
type orderRefs struct {
	partners   map[erp.Key]held
	addresses  map[erp.Key]held
	priceLists map[erp.Key]held
	taxes      map[erp.Key]held
	variants   map[erp.Key]soldVariant
	settings   map[check.Setting]int64 // a currency's value is its decimals, any other's is its id
}

// resolveOrderRefs looks everything up in one statement per kind, however many orders there are.
func resolveOrderRefs(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Order]) (refs orderRefs, err error) {
	var partners, addresses, priceLists, taxes, variants check.KeySet
	for _, d := range drafts {
		o := d.Record
		partners.Add(o.Partner)
		addresses.Add(o.InvoiceAddress, o.DeliveryAddress)
		priceLists.Add(o.PriceList)
		taxes.Add(check.TaxesOf(o)...)
		variants.Add(check.ProductsOf(o)...)
	}
	if refs.partners, err = resolve(ctx, tx, "partner", partners.List()); err != nil {
		return refs, err
	}
	if refs.addresses, err = resolve(ctx, tx, "address", addresses.List()); err != nil {
		return refs, err
	}
	if refs.priceLists, err = resolve(ctx, tx, "price_list", priceLists.List()); err != nil {
		return refs, err
	}
	if refs.taxes, err = resolve(ctx, tx, "tax", taxes.List()); err != nil {
		return refs, err
	}
	if refs.variants, err = resolveSold(ctx, tx, variants.List()); err != nil {
		return refs, err
	}
	refs.settings, err = readSettings(ctx, tx, drafts)
	return refs, err
}

const selectSettings = `
SELECT 'currency' AS kind, code, decimals AS value FROM ledger.currencies WHERE code = ANY ($1)
UNION ALL SELECT 'warehouse', code, id FROM ledger.warehouses WHERE code = ANY ($1)
UNION ALL SELECT 'sales team', code, id FROM ledger.sales_teams WHERE code = ANY ($1)
UNION ALL SELECT 'salesperson', code, id FROM ledger.salespeople WHERE code = ANY ($1)
UNION ALL SELECT 'payment term', code, id FROM ledger.payment_terms WHERE code = ANY ($1)`

func readSettings(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Order]) (map[check.Setting]int64, error) {
	codes := map[string]bool{}
	for _, d := range drafts {
		for _, s := range settingsOf(d.Record) {
			codes[s.Code] = true
		}
	}
	list := make([]string, 0, len(codes))
	for code := range codes {
		list = append(list, code)
	}
	var rows []struct {
		check.Setting
		Value int64
	}
	if err := tx.SelectContext(ctx, &rows, selectSettings, pq.Array(list)); err != nil {
		return nil, classify(err)
	}
	settings := make(map[check.Setting]int64, len(rows))
	for _, row := range rows {
		settings[row.Setting] = row.Value
	}
	return settings, nil
}

// settingsOf lists the settings an order names: its currency too, which the ledger has a table of like the others.
func settingsOf(o *erp.Order) []check.Setting {
	return append([]check.Setting{{Kind: "currency", Code: o.Currency}}, check.SettingsOf(o)...)
}

// check finds what of an order's references is not in the ledger; nil when all is.
func (refs orderRefs) check(o *erp.Order) *landing.Refusal {
	has := func(s check.Setting) bool {
		_, ok := refs.settings[s]
		return ok
	}
	if r := check.Settings(settingsOf(o), has); r != nil {
		return r
	}
	return check.OrderRefs{Products: check.In(refs.variants), Taxes: check.In(refs.taxes), Partners: check.In(refs.partners),
		Addresses: check.In(refs.addresses), PriceLists: check.In(refs.priceLists)}.Check(o)
}
