package erp

// AccountEntity is the entity of keys that stand for an account of the shop. A partner is one account of a shop at most,
// but may have been a guest before.
const AccountEntity = "customer"

// Partner is a customer: a person or a company, with the addresses they gave.
type Partner struct {
	Key       Key
	Company   bool   // a company rather than a person
	Name      string // display name
	FirstName string
	LastName  string
	// Email identifies a customer within an instance, compared without case. A key that is new takes over the partner
	// that already has this e-mail instead of making a second one, except that the key of an account never takes over
	// another account's partner. Empty never matches.
	Email string
	Phone string
	TaxID string // VAT number
	// InvalidTaxID is what was given for a VAT number and cannot be one. It is kept as a note, where a person sees it.
	InvalidTaxID string `json:",omitempty"`
	Language     string
	Guest        bool // ordered without an account
	// KeepExisting leaves the content of a partner that exists already (under the key or by e-mail) as it is and only
	// adds addresses: what an order says of a customer must not overwrite what the customer's own record says.
	KeepExisting bool              `json:",omitempty"`
	Addresses    []Address         `json:",omitempty"`
	Fields       map[string]string `json:",omitempty"` // ERP fields filled by meta mapping
	// Revision is that of Held when the record was read, of one that must not have changed since; empty lands it over whatever is there.
	Revision string `json:"-"`
}

// AddressKind is what an address is for.
type AddressKind string

// The kinds of addresses.
const (
	InvoiceAddress  AddressKind = "invoice"
	DeliveryAddress AddressKind = "delivery"
	OtherAddress    AddressKind = "other"
	ContactAddress  AddressKind = "contact"
)

// Address is a child contact of a partner. Addresses the batch does not name stay as they are.
type Address struct {
	Key     Key
	Kind    AddressKind
	Name    string
	Company string
	Street  string
	Street2 string
	City    string
	State   string // the shop's code without the country prefix, or free text
	Zip     string
	Country string // ISO 3166-1 alpha-2
	Email   string
	Phone   string
}
