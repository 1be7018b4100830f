package partner

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// CustomerMatch matches customer accounts by e-mail address, or by the number that companies have for VAT.
var CustomerMatch = mapping.Matching(mapping.Match[erp.Partner, woo.Customer]{
	Entity: mapping.CustomerName, Label: "Customers", Records: customerRecords,
	Read: Customers.Source, Describe: Customers.Describe, Content: mapCustomer,
	Rules: []mapping.MatchRule[erp.Partner, woo.Customer]{
		{Name: "email", Default: true, Keys: func(p erp.Partner) []string { return []string{p.Email} }},
		{Name: "vat", Keys: func(p erp.Partner) []string { return []string{vatNumber(p)} }},
	},
	Parts: addressParts,
})

// vatNumber gives the number without the blanks and signs that people write into it. Of the store's it is also what a meta mapping takes
// for it.
func vatNumber(p erp.Partner) string {
	number := p.TaxID
	for _, field := range []string{"tax_id", "vat"} {
		if number == "" {
			number = p.Fields[field]
		}
	}
	return compactVAT(number)
}

// addressParts ties the two addresses of an account to the first of each kind that the ERP has.
func addressParts(have, held erp.Partner) map[erp.Key]string {
	parts := map[erp.Key]string{}
	for _, address := range have.Addresses {
		for _, kept := range held.Addresses {
			if id, pending := erp.PendingID(kept.Key); pending && kept.Kind == address.Kind && parts[address.Key] == "" {
				parts[address.Key] = id
			}
		}
	}
	return parts
}
