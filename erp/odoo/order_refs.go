package odoo

import (
	"context"
	"fmt"
	"strings"

	"tandem/erp"
)

// orderRefs holds what the orders of a batch refer to. What Odoo does not have is missing from the maps.
type orderRefs struct {
	*setup
	contacts   map[erp.Key]int64
	priceLists map[erp.Key]int64
	currencyOf map[int64]string // of price lists
	taxes      map[erp.Key]int64
	included   map[int64]bool // taxes that prices contain
	variants   map[erp.Key]soldVariant
	settings   map[setting]bool
	ownLists   map[string]int64 // price lists of Tandem's own, by currency
	services   map[string]int64 // the products of lines that are no goods, by external id
}

// setting names a record an instance is configured with.
type setting struct {
	kind string
	id   string
}

// settingModels says where the settings an order names are kept.
var settingModels = map[string]string{
	"warehouse": "stock.warehouse", "sales team": "crm.team", "salesperson": "res.users", "payment term": "account.payment.term",
}

// resolveOrderRefs looks everything up in one call per kind, however many orders there are.
func (b *Backend) resolveOrderRefs(ctx context.Context, drafts []*draft[erp.Order]) (orderRefs, error) {
	s, err := b.prepared(ctx)
	if err != nil {
		return orderRefs{}, err
	}
	refs := orderRefs{setup: s}
	names := map[erp.Key]string{}
	for _, d := range drafts {
		for _, key := range keysOf(d.record) {
			names[key] = externalName(key)
		}
	}
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, name)
	}
	known, err := b.resolve(ctx, list)
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

func (b *Backend) readOrderRefs(ctx context.Context, drafts []*draft[erp.Order], refs *orderRefs, variants map[erp.Key]int64) error {
	var err error
	if refs.variants, err = b.readSold(ctx, variants); err != nil {
		return err
	}
	if refs.included, err = b.includedTaxes(ctx, refs.taxes); err != nil {
		return err
	}
	if refs.settings, err = b.readSettings(ctx, drafts); err != nil {
		return err
	}
	if err := b.ensurePriceLists(ctx, drafts, refs); err != nil {
		return err
	}
	refs.services, err = b.serviceProducts(ctx)
	return err
}

// keysOf lists everything an order names.
func keysOf(o *erp.Order) []erp.Key {
	keys := append([]erp.Key{o.Partner, o.InvoiceAddress, o.DeliveryAddress, o.PriceList}, taxesOf(o)...)
	for _, line := range o.Lines {
		keys = append(keys, line.Product)
	}
	var rest []erp.Key
	for _, key := range keys {
		if !key.IsZero() {
			rest = append(rest, key)
		}
	}
	return rest
}

func taxesOf(o *erp.Order) []erp.Key {
	var keys []erp.Key
	for _, tax := range o.Taxes {
		keys = append(keys, tax.Tax)
	}
	for _, line := range o.Lines {
		for _, tax := range line.Taxes {
			keys = append(keys, tax.Tax)
		}
	}
	return distinct(keys)
}

// includedTaxes finds the taxes that prices contain.
func (b *Backend) includedTaxes(ctx context.Context, taxes map[erp.Key]int64) (map[int64]bool, error) {
	type included struct {
		row
		PriceInclude bool `json:"price_include"`
	}
	var ids []int64
	for _, id := range taxes {
		ids = append(ids, id)
	}
	rows, err := searchBy[included](ctx, b, "account.tax", "id", distinct(ids), nil, "price_include")
	found := map[int64]bool{}
	for _, r := range rows {
		found[r.ID] = r.PriceInclude
	}
	return found, err
}

// readSettings finds out which of the settings that orders name there are.
func (b *Backend) readSettings(ctx context.Context, drafts []*draft[erp.Order]) (map[setting]bool, error) {
	wanted := map[string][]int64{}
	for _, d := range drafts {
		for _, s := range settingsOf(d.record) {
			if id := parseID(s.id); id != 0 {
				wanted[s.kind] = append(wanted[s.kind], id)
			}
		}
	}
	found := map[setting]bool{}
	for kind, ids := range wanted {
		rows, err := searchBy[row](ctx, b, settingModels[kind], "id", distinct(ids), nil, "id")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[setting{kind, idText(r.ID)}] = true
		}
	}
	return found, nil
}

// settingsOf lists the settings an order names. A warehouse is needed, the others may be empty.
func settingsOf(o *erp.Order) []setting {
	settings := []setting{{"warehouse", o.Warehouse}}
	for _, s := range []setting{{"sales team", o.SalesTeam}, {"salesperson", o.Salesperson}, {"payment term", o.PaymentTerm}} {
		if s.id != "" {
			settings = append(settings, s)
		}
	}
	return settings
}

// check finds what of an order's references is not in Odoo; nil when all is.
func (refs orderRefs) check(o *erp.Order) *refusal {
	if refs.currencies[o.Currency].ID == 0 {
		return failed("unknown_currency", "the currency %q is not active in Odoo: activate it there", o.Currency)
	}
	for _, s := range settingsOf(o) {
		if !refs.settings[s] {
			return failed("unknown_"+strings.ReplaceAll(s.kind, " ", "_"), "there is no %s %q: choose one of the ERP's", s.kind, s.id)
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
	for _, key := range absent(taxesOf(o), refs.taxes) {
		missing.add("tax", key)
	}
	for _, key := range absent([]erp.Key{o.Partner}, refs.contacts) {
		missing.add("partner", key)
	}
	for _, key := range absent([]erp.Key{o.InvoiceAddress, o.DeliveryAddress}, refs.contacts) {
		missing.add("address", key)
	}
	for _, key := range absent([]erp.Key{o.PriceList}, refs.priceLists) {
		missing.add("price_list", key)
	}
	return missing
}

// missingRefs collects all that is missing, so that the order is not woken for one of them only to wait for the next.
type missingRefs struct {
	first string
	keys  []erp.Key
}

func (m *missingRefs) add(what string, key erp.Key) {
	if key.IsZero() {
		return
	}
	if m.first == "" {
		m.first = what
	}
	m.keys = append(m.keys, key)
}

func (m missingRefs) refusal() *refusal {
	if m.first == "" {
		return nil
	}
	keys := distinct(m.keys)
	return parked("unknown_"+m.first, fmt.Sprintf("not in Odoo yet: %s; import or map it", strings.Join(mapped(keys, erp.Key.String), ", ")), keys...)
}
