package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/api/gen"
	"tandem/erp"
)

// ledgerPartner shows a customer or company of the ledger.
func ledgerPartner(v erp.Version[erp.Partner]) gen.LedgerPartner {
	p := v.Record
	view := gen.LedgerPartner{
		ID: v.ID, Version: v.Number, Guest: p.Guest, Company: p.Company, Name: p.Name, FirstName: p.FirstName, LastName: p.LastName,
		Email: p.Email, Phone: p.Phone, TaxID: p.TaxID, Language: p.Language, Fields: p.Fields,
	}
	for _, a := range p.Addresses {
		view.Addresses = append(view.Addresses, gen.LedgerAddress{
			ID: erp.OwnID(a.Key), Kind: a.Kind, Name: a.Name, Company: a.Company, Street: a.Street, Street2: a.Street2,
			City: a.City, State: a.State, Zip: a.Zip, Country: a.Country, Email: a.Email, Phone: a.Phone,
		})
	}
	return view
}

// applyPartner makes a customer of what a request says.
func (s *server) applyPartner(_ context.Context, said gen.LedgerPartner, p erp.Partner) (erp.Partner, error) {
	var problems problems
	before := p.Addresses
	p.Company, p.FirstName, p.LastName = said.Company, strings.TrimSpace(said.FirstName), strings.TrimSpace(said.LastName)
	p.Name = cmp.Or(strings.TrimSpace(said.Name), strings.TrimSpace(p.FirstName+" "+p.LastName))
	if p.Name == "" {
		problems.add("name", "is missing: give it, or a first or last name")
	}
	if p.Email = strings.TrimSpace(said.Email); p.Email != "" && !isEmail(p.Email) {
		problems.add("email", "must be an e-mail address, e.g. ada@example.com")
	}
	p.Phone, p.TaxID, p.Language, p.Fields = said.Phone, said.TaxID, said.Language, said.Fields
	p.Addresses = nil
	for i, a := range said.Addresses {
		address := erp.Address{
			Kind: a.Kind, Name: a.Name, Company: a.Company, Street: a.Street, Street2: a.Street2,
			City: a.City, State: a.State, Zip: a.Zip, Country: a.Country, Email: a.Email, Phone: a.Phone,
		}
		if a.ID != "" {
			address.Key = erp.OwnKey("address", a.ID)
			if !slices.ContainsFunc(before, func(b erp.Address) bool { return b.Key == address.Key }) {
				problems.add(fmt.Sprintf("addresses[%d].id", i), "the customer has no such address: leave the id out to add one")
			}
		}
		p.Addresses = append(p.Addresses, address)
	}
	return p, problems.err()
}

// isEmail reports whether a text looks like an e-mail address: stores check it once more.
func isEmail(text string) bool {
	name, domain, found := strings.Cut(text, "@")
	return found && name != "" && domain != "" && !strings.ContainsAny(text, " \t\r\n") && !strings.Contains(domain, "@")
}
