// Package tax maps the store's tax rates, and says under which keys a tax is known: what orders were taxed with must be told from
// what the same number stands for today.
package tax

import (
	"context"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// StandardClass is what WooCommerce calls the tax class it leaves empty elsewhere.
const StandardClass = "standard"

// Rates is the import of the rates in the store's table, each as a tax of its own.
var Rates = mapping.Importing(mapping.Import[woo.TaxRate, erp.Tax]{
	Spec: flow.Spec{Entity: mapping.TaxName, Label: "Taxes", Needs: []string{mapping.TaxClassName}, Refuses: mapping.RefuseRange},
	Read: mapping.ScanAll(func(c *woo.Client) *woo.Service[woo.TaxRate] { return c.Taxes },
		func(t woo.TaxRate) string { return t.ID.String() }),
	Describe: func(t woo.TaxRate) flow.Record {
		return flow.Record{ID: t.ID.String(), Raw: t.Raw, Label: mapping.Label(title(t))}
	},
	Convert: mapRate,
	Upsert:  erp.Backend.UpsertTaxes,
	Before:  adoptTaxes,
	Finish:  nameCurrentTaxes,
})

// mapRate maps a rate, with the accounts of the instance.
func mapRate(ec mapping.Context, t woo.TaxRate) (erp.Tax, error) {
	accounts := ec.Instance.Config.Tax
	known := Rate{
		Number: t.ID.String(), Percent: t.Rate.Decimal, Compound: bool(t.Compound), Country: countryOfRate(t.Country, t.Name),
	}
	return erp.Tax{
		Key: known.Key(ec), Name: title(t), Rate: t.Rate.Decimal,
		Country: t.Country, State: mapping.LocalState(t.State, t.Country),
		Postcodes: t.Postcodes, Cities: t.Cities, Class: ClassOf(t.Class),
		Priority: int(mapping.InRange(t.Priority)), Compound: bool(t.Compound), Shipping: bool(t.Shipping),
		PriceInclude: ec.Instance.Store.PricesIncludeTax,
		Account:      accounts.InvoiceAccount, RefundAccount: accounts.CreditNoteAccount,
	}, nil
}

// adoptTaxes lets rates land in the taxes that the ERP has under their numbers already.
func adoptTaxes(ctx context.Context, ec mapping.Context, attempts []*flow.Attempt[woo.TaxRate, erp.Tax]) error {
	var claims []Claim
	for _, a := range attempts {
		if !a.Outcome.Refused() {
			claims = append(claims, Claim{Tax: a.Value, Number: a.Record.ID.String(), Told: true})
		}
	}
	_, err := AdoptNumbered(ctx, ec, claims)
	return err
}

// nameCurrentTaxes notes which tax each number of the store stands for now. The results are those of the numbers: the
// rates that orders name are further keys.
func nameCurrentTaxes(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*flow.Attempt[woo.TaxRate, erp.Tax]) error {
	var landed []*flow.Attempt[woo.TaxRate, erp.Tax]
	var keys []erp.Key
	for _, a := range attempts {
		number := a.Record.ID.String()
		a.Outcome.Key = NumberKey(ec, number)
		if !a.Outcome.Refused() {
			a.Outcome.Also = append(a.Outcome.Also, a.Value.Key, CurrentKey(ec, number))
			landed, keys = append(landed, a), append(keys, CurrentKey(ec, number))
		}
	}
	if len(landed) == 0 {
		return nil
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return err
	}
	for i, a := range landed {
		if ids[i] == a.Outcome.ID {
			continue
		}
		if err := ec.Backend.Adopt(ctx, keys[i], a.Outcome.ID); err != nil {
			return err
		}
	}
	return nil
}

// title names a rate that has no name in the store by what it is.
func title(t woo.TaxRate) string {
	if name := mapping.Plain(t.Name); name != "" {
		return name
	}
	return strings.TrimSpace(t.Country + " " + t.Rate.String() + " %")
}

// ClassOf gives the class of a rate or product under its name: the store leaves that of the standard one empty.
func ClassOf(class string) string {
	if class == "" {
		return StandardClass
	}
	return class
}
