package erp

// Info is what Probe found.
type Info struct {
	Name     string   // the product, e.g. "Tandem ledger" or "Odoo"
	Version  string   // its version as it names it
	Company  string   // the company written to
	Warnings []string // what will work, but not as well as it could, and what to do
}

// Choice is one record an instance may be configured with.
type Choice struct {
	ID       string
	Code     string // short code where the ERP has one, e.g. a journal's "BNK1"
	Name     string
	Currency string // ISO 4217, where the record has one
	Kind     string // journals: bank, cash, sale; accounts: receivable, income, tax, bank …
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
	PriceLists     []Choice
}
