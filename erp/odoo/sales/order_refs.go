package sales

import (
	"context"
	"fmt"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// orderRefs holds what the orders of a batch refer to. What Odoo does not have is missing from the maps.
type orderRefs struct {
	*record.Setup
	contacts   map[erp.Key]int64
	priceLists map[erp.Key]int64
	currencyOf map[int64]string // of price lists
	taxes      map[erp.Key]int64
	rules      map[int64]taxRule // of the taxes
	variants   map[erp.Key]stock.Variant
	settings   map[check.Setting]bool
	ownLists   map[string]int64 // price lists of Tandem's own, by currency
	services   map[string]int64 // the products of lines that are no goods, by external id
}

// settingModels says where the settings an order names are kept.
var settingModels = map[string]string{
	"warehouse": "stock.warehouse", "sales team": "crm.team", "salesperson": "res.users", "payment term": "account.payment.term",
}

// resolveOrderRefs looks everything up in one call per kind, however many orders there are.
func (b *Book) resolveOrderRefs(ctx context.Context, drafts []*record.Draft[erp.Order]) (orderRefs, error) {
	s, err := b.records.Prepared(ctx)
	if err != nil {
		return orderRefs{}, err
	}
	refs := orderRefs{Setup: s}
	names := map[erp.Key]string{}
	for _, d := range drafts {
		for _, key := range keysOf(d.Record) {
			names[key] = record.ExternalName(key)
		}
	}
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, name)
	}
	known, err := b.records.Resolve(ctx, list)
	if err != nil {
		return refs, err
	}
	byModel := func(model string) map[erp.Key]int64 {
		ids := map[erp.Key]int64{}
		for key, name := range names {
			if at, ok := known[name]; ok && at.Model == model {
				ids[key] = at.ResID
			}
		}
		return ids
	}
	refs.contacts, refs.priceLists, refs.taxes = byModel("res.partner"), byModel("product.pricelist"), byModel("account.tax")
	return refs, b.readOrderRefs(ctx, drafts, &refs, byModel("product.product"))
}

func (b *Book) readOrderRefs(ctx context.Context, drafts []*record.Draft[erp.Order], refs *orderRefs, variants map[erp.Key]int64) error {
	var err error
	if refs.variants, err = b.stock.Variants(ctx, variants); err != nil {
		return err
	}
	if err = b.readTaxes(ctx, refs); err != nil {
		return err
	}
	if refs.settings, err = b.readSettings(ctx, drafts); err != nil {
		return err
	}
	if err := b.ensurePriceLists(ctx, drafts, refs); err != nil {
		return err
	}
	refs.services, err = b.ServiceProducts(ctx)
	return err
}

// keysOf lists everything an order names.
func keysOf(o *erp.Order) []erp.Key {
	var keys check.KeySet
	keys.Add(o.Partner, o.InvoiceAddress, o.DeliveryAddress, o.PriceList)
	keys.Add(check.TaxesOf(o)...)
	keys.Add(check.ProductsOf(o)...)
	return keys.List()
}

// readSettings finds out which of the settings that orders name there are.
func (b *Book) readSettings(ctx context.Context, drafts []*record.Draft[erp.Order]) (map[check.Setting]bool, error) {
	wanted := map[string][]int64{}
	for _, d := range drafts {
		for _, s := range check.SettingsOf(d.Record) {
			if id := rpc.ParseID(s.Code); id != 0 {
				wanted[s.Kind] = append(wanted[s.Kind], id)
			}
		}
	}
	found := map[check.Setting]bool{}
	for kind, ids := range wanted {
		rows, err := rpc.SearchBy[rpc.Row](ctx, b.rpc, settingModels[kind], "id", rpc.Distinct(ids), nil, "id")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[check.Setting{Kind: kind, Code: rpc.FormatID(r.ID)}] = true
		}
	}
	return found, nil
}

// tooFine refuses an order whose amounts have more decimals than Odoo's currency: it would land rounded. A total that only differs
// from its lines by less than a coin lands.
func (refs orderRefs) tooFine(o *erp.Order) *landing.Refusal {
	places := refs.Decimals(o.Currency)
	if o.Total.Equal(o.Total.Round(places)) || !o.Total.Equal(check.Sum(o)) {
		return nil
	}
	return landing.Parked("odd_total", fmt.Sprintf("Odoo rounds %s to %d decimals, and the order's total has more: give the currency a finer "+
		"rounding factor in Odoo, of 6 decimals at most, and process the order again", o.Currency, places))
}

// check finds what of an order's references is not in Odoo; nil when all is.
func (refs orderRefs) check(o *erp.Order) *landing.Refusal {
	if refs.Currencies[o.Currency].ID == 0 {
		return landing.Failed("unknown_currency", "the currency %q is not active in Odoo: activate it there", o.Currency)
	}
	if r := refs.tooFine(o); r != nil {
		return r
	}
	if r := check.Settings(check.SettingsOf(o), func(s check.Setting) bool { return refs.settings[s] }); r != nil {
		return r
	}
	return check.OrderRefs{Products: check.In(refs.variants), Taxes: check.In(refs.taxes), Partners: check.In(refs.contacts),
		Addresses: check.In(refs.contacts), PriceLists: check.In(refs.priceLists)}.Check(o)
}
