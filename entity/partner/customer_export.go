package partner

import (
	"context"
	"slices"
	"strings"
	"time"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// CustomerExport is the export of customer accounts with their billing and shipping address. Guests have none.
var CustomerExport = mapping.Exporting(mapping.Export[erp.Partner, woo.Customer, woo.Customer]{
	Spec:    flow.Spec{Entity: mapping.CustomerName, Label: "Customers"},
	Records: customerRecords,
	Store: mapping.Store[woo.Customer, woo.Customer]{
		Service: func(c *woo.Client) *woo.Service[woo.Customer] { return c.Customers },
		ID:      func(c woo.Customer) woo.ID { return c.ID }, Wrap: mapping.AsItIs[woo.Customer],
	},
	Comparison: customerComparison, Check: checkCustomer, Content: mapCustomer, Taken: findCustomer, Encode: encodeCustomers, Nested: bindAddresses, Personal: true,
	Is: func(_ mapping.Context, p erp.Partner, c woo.Customer) bool { return isCustomer(p, c) },
})

var customerComparison = mapping.Comparison[erp.Partner, woo.Customer]{
	Fields: customerFields, Modified: func(c woo.Customer) time.Time { return c.DateModified.Time },
}

// keepCustomer leaves a customer as the ERP has it. Addresses that only the store has are added, and those that only the ERP has are not
// touched by landing others.
var keepCustomer = mapping.KeepWhole(func(held, stored erp.Partner) erp.Partner {
	kept := held
	kept.Key, kept.Fields, kept.Addresses = stored.Key, stored.Fields, nil
	for _, a := range stored.Addresses {
		if at := slices.IndexFunc(held.Addresses, func(h erp.Address) bool { return h.Key == a.Key }); at >= 0 {
			a = held.Addresses[at]
		}
		kept.Addresses = append(kept.Addresses, a)
	}
	return kept
})

var customerRecords = mapping.Records[erp.Partner]{
	List: listAccounts, Adopt: erp.RecordReader.AdoptPartners, Key: func(p *erp.Partner) *erp.Key { return &p.Key },
	Revision: func(p *erp.Partner) *string { return &p.Revision },
	Parts: func(p erp.Partner) (keys []erp.Key) {
		for _, a := range p.Addresses {
			keys = append(keys, a.Key)
		}
		return keys
	},
}

// listAccounts reads customers with the addresses that are their accounts': those of single orders come and go with the orders, which
// changes nothing of the account.
func listAccounts(reader erp.RecordReader, ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Partner], error) {
	page, err := reader.ListPartners(ctx, q)
	for i := range page.Records {
		p := &page.Records[i].Record
		p.Addresses = accountAddresses(*p)
	}
	return page, err
}

// exportedCustomer is one customer on its way into the store.
type exportedCustomer = mapping.Exported[erp.Partner, woo.Customer, woo.Customer]

// bindAddresses ties the two addresses of an account to those of the ERP.
func bindAddresses(ctx context.Context, ec mapping.Context, all []*exportedCustomer) error {
	for _, e := range all {
		for _, a := range e.Record.Addresses {
			id, pending := erp.PendingID(a.Key)
			if !pending {
				ids, err := ec.Backend.Lookup(ctx, []erp.Key{a.Key})
				if err != nil {
					return err
				}
				id = ids[0]
			}
			if key := mapping.NamedKey(ec, addressName, e.ID.String()+accountSuffixes[a.Kind]); id != "" && e.Parts[key] == "" {
				e.Parts[key] = id
			}
		}
	}
	return nil
}

// accountSuffixes are how the keys of the two addresses end that an account has in the store.
var accountSuffixes = map[erp.AddressKind]string{erp.InvoiceAddress: billingSuffix, erp.DeliveryAddress: shippingSuffix}

// accountAddresses gives the addresses that an account is to have in the store: of each kind the one that came from there, or else the first
// that was made in the ERP. Where single orders went is neither: it would overwrite the address that the shopper keeps.
func accountAddresses(p erp.Partner) []erp.Address {
	var own []erp.Address
	for _, kind := range []erp.AddressKind{erp.InvoiceAddress, erp.DeliveryAddress} {
		at := slices.IndexFunc(p.Addresses, func(a erp.Address) bool {
			return a.Kind == kind && a.Key.ID == p.Key.ID+accountSuffixes[kind]
		})
		if at < 0 {
			at = slices.IndexFunc(p.Addresses, func(a erp.Address) bool {
				_, pending := erp.PendingID(a.Key)
				return a.Kind == kind && pending
			})
		}
		if at >= 0 {
			own = append(own, p.Addresses[at])
		}
	}
	return own
}

func checkCustomer(_ mapping.Context, p erp.Partner) error {
	if !strings.Contains(p.Email, "@") {
		return mapping.Failed("no_email", "it has no e-mail address, without which the store makes no account: enter it in the ERP")
	}
	return nil
}

// findCustomer looks for an account by its e-mail: the store says only that there is one.
func findCustomer(ctx context.Context, ec mapping.Context, p erp.Partner) ([]woo.Customer, error) {
	page, err := ec.Store.Customers.List(ctx, woo.ListOptions{PerPage: 2, Role: "all", Params: map[string][]string{"email": {p.Email}}})
	return slices.DeleteFunc(page.Records, func(c woo.Customer) bool { return !isCustomer(p, c) }), err
}

func isCustomer(p erp.Partner, c woo.Customer) bool {
	return strings.EqualFold(strings.TrimSpace(c.Email), p.Email)
}

// customerFields gives what the store is to hold of an account. Parts of an address stand under names such as "billing.city", so that
// only those are sent that differ: the rest of it may be in words that only the store has.
func customerFields(_ mapping.Context, p erp.Partner) woo.Fields {
	fields := woo.Fields{"email": p.Email, "first_name": p.FirstName, "last_name": p.LastName}
	if p.Company {
		fields["billing.company"] = p.Name
	}
	for _, a := range p.Addresses {
		switch a.Kind {
		case erp.InvoiceAddress:
			if a.Company == "" && p.Company {
				a.Company = p.Name
			}
			addAddress(fields, "billing", a)
		case erp.DeliveryAddress:
			addAddress(fields, "shipping", a)
		}
	}
	return fields
}

func addAddress(fields woo.Fields, kind string, a erp.Address) {
	for name, value := range AddressFields(kind, a) {
		fields[kind+"."+name] = value
	}
}

// AddressFields gives an address as the store keeps it: kind is billing or shipping, and only the first has an e-mail.
func AddressFields(kind string, a erp.Address) map[string]any {
	first, last := splitName(a.Name)
	fields := map[string]any{
		"first_name": first, "last_name": last, "company": a.Company, "address_1": a.Street, "address_2": a.Street2, "city": a.City,
		"state": a.State, "postcode": a.Zip, "country": a.Country, "phone": a.Phone,
	}
	if kind == "billing" && a.Email != "" {
		fields["email"] = a.Email
	}
	return fields
}

// splitName takes the last word of a name for the last name, as the ERP keeps the whole.
func splitName(name string) (first, last string) {
	i := strings.LastIndex(name, " ")
	return strings.TrimSpace(name[:max(i, 0)]), strings.TrimSpace(name[i+1:])
}

// encodeCustomers puts the parts of addresses where the store has them.
func encodeCustomers(_ context.Context, _ mapping.Context, all []woo.Fields) error {
	for _, fields := range all {
		for name, value := range fields {
			kind, part, nested := strings.Cut(name, ".")
			if !nested {
				continue
			}
			delete(fields, name)
			address, _ := fields[kind].(map[string]any)
			if address == nil {
				address = map[string]any{}
				fields[kind] = address
			}
			address[part] = value
		}
	}
	return nil
}
