package erp

import "fmt"

// Info is what Probe found.
type Info struct {
	Name      string   // the product, e.g. "Tandem ledger" or "Odoo"
	Version   string   // its version as it names it
	Company   string   // name of the company written to
	CompanyID string   // its id, one of Options.Companies
	Rounding  Rounding // of taxes, in the company written to; empty when the ERP takes the store's amounts as they are
	Warnings  []string // what will work, but not as well as it could, and what to do
	// KeyWarning is the one of Warnings that says that the key is about to end; empty when it is not.
	KeyWarning string
}

// Rounding says which amounts of tax are rounded to the currency's smallest coin.
type Rounding string

// The roundings: of the tax of every line, or of the sum of each tax over an order. WooCommerce calls the second one
// "round tax at subtotal level".
const (
	RoundLines  Rounding = "line"
	RoundOrders Rounding = "order"
)

// RoundingWarning says what to do when the ERP does not round taxes as the store does; "" when it does, or when one of
// the two is unknown. Orders of such a pair land all the same, but many with a cent in a rounding line.
func (i Info) RoundingWarning(store Rounding) string {
	if i.Rounding == "" || store == "" || i.Rounding == store {
		return ""
	}
	return fmt.Sprintf("%s rounds taxes by %s and the store by %s: set both to the same, or many orders will carry a cent of rounding",
		i.Name, i.Rounding, store)
}

// Choice is one record an instance may be configured with.
type Choice struct {
	ID       string
	Code     string // short code where the ERP has one, e.g. a journal's "BNK1"; a tax's rate "20%" or its amount "2.5"
	Name     string
	Currency string // ISO 4217, where the record has one
	Kind     string // journals: bank, cash, sale; accounts: receivable, income, tax, bank …; taxes: included, excluded
}

// Options lists what an instance may be configured with. Every list is ordered by name.
type Options struct {
	Companies      []Choice
	Warehouses     []Choice
	Currencies     []Choice
	Journals       []Choice
	PaymentMethods []Choice
	PaymentTerms   []Choice
	SalesTeams     []Choice
	Salespeople    []Choice
	Accounts       []Choice
	Taxes          []Choice // on sales
	PriceLists     []Choice
}
