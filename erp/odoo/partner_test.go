package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func customer(id, email string) *erp.Partner {
	return &erp.Partner{Key: erp.Key{Instance: "demo", Entity: "customer", ID: id}, Name: "Ann", Email: email}
}

func emptyBook() *partnerBook {
	return &partnerBook{byKey: map[erp.Key]*partner{}, byEmail: map[string]*partner{}, addresses: map[erp.Key]*address{}}
}

func takeAll(t *testing.T, b *partnerBook, records ...*erp.Partner) []*partnerDraft {
	t.Helper()
	return mapped(records, func(r *erp.Partner) *partnerDraft {
		d, err := b.take(r)
		require.NoError(t, err)
		return d
	})
}

func TestOneEmailIsOnePartner(t *testing.T) {
	b := emptyBook()
	guest := customer("2", " ANN@shop.example ")
	guest.KeepExisting = true
	drafts := takeAll(t, b, customer("1", "ann@shop.example"), guest, customer("3", ""), customer("4", ""))

	require.Same(t, drafts[0].partner, drafts[1].partner)
	require.NotSame(t, drafts[2].partner, drafts[3].partner, "no e-mail is nobody's")
	require.Equal(t, []bool{true, false, true, true}, mapped(drafts, func(d *partnerDraft) bool { return d.created }))
	require.Equal(t, emailName(guest), drafts[0].partner.landsUnder(), "the database keeps the e-mail unique")
	names := map[string]int64{}
	drafts[0].partner.nameInto(names)
	require.Len(t, names, 3, "both keys and the e-mail")
}

func TestTheNameOfAnEmailHidesIt(t *testing.T) {
	require.Empty(t, emailName(customer("1", "  ")))
	require.NotContains(t, emailName(customer("1", "ann@shop.example")), "ann")
	other := customer("1", "ann@shop.example")
	other.Key.Instance = "other"
	require.NotEqual(t, emailName(customer("1", "ann@shop.example")), emailName(other))
}

func TestAnEmailGivenUpFindsNobody(t *testing.T) {
	b := emptyBook()
	held := &partner{id: 9, digest: "old", email: emailName(customer("1", "old@shop.example"))}
	b.byKey[customer("1", "").Key], b.byEmail[held.email] = held, held

	drafts := takeAll(t, b, customer("1", "new@shop.example"), customer("2", "old@shop.example"))

	require.Equal(t, []string{emailName(customer("1", "old@shop.example"))}, held.dropped)
	require.Equal(t, emailName(customer("1", "new@shop.example")), held.email)
	require.True(t, drafts[1].created)
	require.Equal(t, "customer_demo_1", held.landsUnder(), "what is there keeps its name")
}

func TestWhatAnOrderSaysChangesNothing(t *testing.T) {
	b := emptyBook()
	held := &partner{id: 9, digest: "own"}
	b.byKey[customer("1", "").Key] = held
	said := customer("1", "")
	said.KeepExisting = true

	drafts := takeAll(t, b, said)

	require.Equal(t, erp.Unchanged, drafts[0].outcome().Status)
	require.Nil(t, held.content)
}

func TestAnAddressThatIsRefusedFailsItsPartner(t *testing.T) {
	b := emptyBook()
	held := &partner{id: 9, digest: "own"}
	b.byKey[customer("1", "").Key] = held
	said := customer("1", "")
	said.KeepExisting = true
	said.Addresses = []erp.Address{{Key: erp.Key{Instance: "demo", Entity: "address", ID: "1"}, Kind: erp.InvoiceAddress}}
	d := takeAll(t, b, said)[0]
	require.Equal(t, erp.Updated, d.outcome().Status)

	b.moved[0].refused = failed("odoo_refused", "no")
	outcome := d.outcome()
	require.Equal(t, erp.Failed, outcome.Status)
	require.Equal(t, outcome.Before, outcome.After)
}

func TestContactsAsOdooTakesThem(t *testing.T) {
	s := &setup{countries: map[string]int64{"US": 233}, states: map[string]int64{"US-CA": 13}, languages: map[string]bool{"fr_FR": true}}
	company := &erp.Partner{Key: customer("1", "").Key, Company: true, FirstName: "Ann", LastName: "Lee", Language: "fr-FR",
		TaxID: "FR1", Fields: map[string]string{"comment": "kind"}}
	got := texts(partnerRecord(&partner{content: company, digest: "d"}, s).cells)
	require.Equal(t, map[string]string{"name": "Ann Lee", "is_company": "1", "type": "contact", "email": "", "phone": "", "vat": "FR1",
		"lang": "fr_FR", "x_tandem": "d", "comment": "kind"}, got)

	nameless := texts(partnerRecord(&partner{content: &erp.Partner{Key: customer("8", "").Key, Language: "de_DE"}}, s).cells)
	require.Equal(t, "customer 8", nameless["name"])
	require.Empty(t, nameless["lang"], "a language that is not installed")

	for _, c := range []struct{ country, state, street2, id, wantStreet2 string }{
		{"US", "CA", "", "13", ""},
		{"US", "Somewhere", "Floor 2", "", "Floor 2, Somewhere"},
		{"US", "Somewhere", "", "", "Somewhere"},
		{"", "", "Floor 2", "", "Floor 2"},
	} {
		got := texts(addressRecord(&address{owner: &partner{id: 4}, content: &erp.Address{Kind: erp.OtherAddress, Country: c.country,
			State: c.state, Street2: c.street2}}, s).cells)
		require.Equal(t, []string{c.id, c.wantStreet2, "4", "other"}, []string{got["state_id/.id"], got["street2"], got["parent_id/.id"], got["type"]})
	}
}
