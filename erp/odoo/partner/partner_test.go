package partner

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/erp/partnerbook"
)

func customer(id, email string) *erp.Partner {
	return &erp.Partner{Key: erp.Key{Instance: "demo", Entity: "customer", ID: id}, Name: "Ann", Email: email}
}

func TestNamesOfPartners(t *testing.T) {
	mail := emailName(customer("1", "ann@shop.example"))
	for name, c := range map[string]struct {
		created bool
		mailbox string
		lands   string
		names   []string
	}{
		"a new one":                   {true, "", "customer_demo_1", []string{"customer_demo_1", "guest_demo_2"}},
		"a new one with an e-mail":    {true, mail, mail, []string{"customer_demo_1", "guest_demo_2", mail}},
		"what is there keeps its own": {false, mail, "customer_demo_1", []string{"customer_demo_1", "guest_demo_2", mail}},
	} {
		t.Run(name, func(t *testing.T) {
			record := customer("1", "ann@shop.example")
			p := &partnerbook.Partner{ID: 9, Created: c.created, Content: record, Mailbox: c.mailbox,
				Keys: []erp.Key{record.Key, {Instance: "demo", Entity: "guest", ID: "2"}}}
			require.Equal(t, c.lands, landsUnder(p), "the database keeps the e-mail unique")
			names := map[string]int64{}
			nameInto(names, p)
			require.ElementsMatch(t, c.names, slices.Collect(maps.Keys(names)))
		})
	}
	names := map[string]int64{}
	nameInto(names, &partnerbook.Partner{ID: 9, Mailbox: mail})
	require.Empty(t, names, "the e-mail that is there already is not named again")
}

func TestTheNameOfAnEmailHidesIt(t *testing.T) {
	require.Empty(t, emailName(customer("1", "  ")))
	require.NotContains(t, emailName(customer("1", "ann@shop.example")), "ann")
	other := customer("1", "ann@shop.example")
	other.Key.Instance = "other"
	require.NotEqual(t, emailName(customer("1", "ann@shop.example")), emailName(other))
}

func TestABookIsFilledWithWhatOdooHas(t *testing.T) {
	ann := customer("1", "ann@shop.example")
	ann.Addresses = []erp.Address{{Key: erp.Key{Instance: "demo", Entity: "address", ID: "5"}, Kind: erp.InvoiceAddress}}
	guest := customer("2", " ANN@shop.example ")
	guest.Key.Entity, guest.KeepExisting = "guest", true
	r := bookReader{
		book: partnerbook.New(emailName), byID: map[int64]*partnerbook.Partner{},
		known: map[string]record.Bound{
			"customer_demo_1": {Model: "res.partner", ResID: 7}, emailName(ann): {Model: "res.partner", ResID: 7},
			"address_demo_5": {Model: "res.partner", ResID: 8}, "guest_demo_2": {Model: "res.users", ResID: 7}},
		contacts: map[int64]contact{7: {Stamped: record.Stamped{Row: rpc.Row{ID: 7}, Stamp: "own"}},
			8: {Stamped: record.Stamped{Row: rpc.Row{ID: 8}}, Parent: rpc.Link{ID: 7}}},
	}
	r.enter(ann)
	r.enter(guest)

	d, err := r.book.Take(guest)
	require.NoError(t, err)
	require.Equal(t, int64(7), d.Partner.ID, "found by its e-mail: a key of another model is none")
	require.Equal(t, []erp.Key{guest.Key}, d.Partner.Keys)
	require.Equal(t, "own", d.Partner.Digest)
	_, err = r.book.Take(ann)
	require.NoError(t, err)
	require.Equal(t, []any{int64(8), false}, []any{r.book.Moved[0].ID, r.book.Moved[0].Created})
}

func TestContactsAsOdooTakesThem(t *testing.T) {
	s := &record.Setup{Countries: map[string]int64{"US": 233}, States: map[string]int64{"US-CA": 13}, Languages: map[string]bool{"fr_FR": true}}
	company := &erp.Partner{Key: customer("1", "").Key, Company: true, FirstName: "Ann", LastName: "Lee", Language: "fr-FR",
		TaxID: "FR1", Fields: map[string]string{"comment": "kind"}}
	got := rpctest.Texts(partnerRecord(&partnerbook.Partner{Content: company, Digest: "d"}, s).Cells)
	require.Equal(t, map[string]string{"name": "Ann Lee", "is_company": "1", "type": "contact", "email": "", "phone": "", "vat": "FR1",
		"lang": "fr_FR", "x_tandem": "d", "comment": "kind"}, got)

	nameless := rpctest.Texts(partnerRecord(&partnerbook.Partner{Content: &erp.Partner{Key: customer("8", "").Key, Language: "de_DE"}}, s).Cells)
	require.Equal(t, "customer 8", nameless["name"])
	require.Empty(t, nameless["lang"], "a language that is not installed")

	for _, c := range []struct{ country, state, street2, id, wantStreet2 string }{
		{"US", "CA", "", "13", ""},
		{"US", "Somewhere", "Floor 2", "", "Floor 2, Somewhere"},
		{"US", "Somewhere", "", "", "Somewhere"},
		{"", "", "Floor 2", "", "Floor 2"},
	} {
		got := rpctest.Texts(addressRecord(&partnerbook.Address{Owner: &partnerbook.Partner{ID: 4}, Content: &erp.Address{Kind: erp.OtherAddress, Country: c.country,
			State: c.state, Street2: c.street2}}, s).Cells)
		require.Equal(t, []string{c.id, c.wantStreet2, "4", "other"}, []string{got["state_id/.id"], got["street2"], got["parent_id/.id"], got["type"]})
	}
}

func TestWhatCallsAboutAPartnerTakeTurnsOn(t *testing.T) {
	ann := customer("1", "ann@shop.example")
	ann.Addresses = []erp.Address{{Key: erp.Key{Instance: "demo", Entity: "address", ID: "5"}}}
	require.Equal(t, []string{emailName(ann), "demo/address/5"}, partnerNames(ann))
	require.Empty(t, partnerNames(customer("2", "")))
}
