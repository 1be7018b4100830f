package entity

import (
	"strings"

	"tandem/erp"
	"tandem/woo"
)

// standardClass is what WooCommerce calls the tax class it leaves empty elsewhere.
const standardClass = "standard"

var tax = spec[woo.TaxRate, erp.Tax]{
	name:    taxName,
	title:   "Taxes",
	after:   []string{taxClassName},
	refuses: refuseRange,
	read: scanAll(func(c *woo.Client) *woo.Service[woo.TaxRate] { return c.Taxes },
		func(t woo.TaxRate) string { return t.ID.String() }),
	describe: func(t woo.TaxRate) Record {
		return Record{ID: t.ID.String(), Raw: t.Raw}
	},
	convert: mapTax,
	upsert:  erp.Backend.UpsertTaxes,
}

// mapTax maps a rate, with the accounts of the instance.
func mapTax(ec Context, t woo.TaxRate) (erp.Tax, error) {
	accounts := ec.Instance.Config.Tax
	return erp.Tax{
		Key: keyOf(ec, taxName, t.ID), Name: taxTitle(t), Rate: t.Rate.Decimal,
		Country: t.Country, State: localState(t.State, t.Country),
		Postcodes: t.Postcodes, Cities: t.Cities, Class: classOf(t.Class),
		Priority: int(t.Priority), Compound: bool(t.Compound), Shipping: bool(t.Shipping),
		PriceInclude: ec.Instance.Store.PricesIncludeTax,
		Account:      accounts.InvoiceAccount, RefundAccount: accounts.CreditNoteAccount,
	}, nil
}

// taxTitle names a rate that has no name in the store by what it is.
func taxTitle(t woo.TaxRate) string {
	if name := plain(t.Name); name != "" {
		return name
	}
	return strings.TrimSpace(t.Country + " " + t.Rate.String() + " %")
}

func classOf(class string) string {
	if class == "" {
		return standardClass
	}
	return class
}

// localState drops the country that some countries' state codes begin with: "DE-BE" is "BE".
func localState(state, country string) string {
	if country == "" {
		return state
	}
	return strings.TrimPrefix(state, country+"-")
}
