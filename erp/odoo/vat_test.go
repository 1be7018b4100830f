package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// TestAVATNumberRefusesNoContact: contacts that Odoo refuses for their VAT number land without it, and the number stands beside them
// (U11).
func TestAVATNumberRefusesNoContact(t *testing.T) {
	for _, version := range []int{14, 19} {
		_, b, _ := inStock(t, version)
		key := func(id string) erp.Key { return erp.Key{Instance: "vat", Entity: "customer", ID: id} }
		right := erp.Partner{Key: key("1"), Name: "Right", TaxID: "FR40303265045"}
		wrong := erp.Partner{Key: key("2"), Name: "Wrong", TaxID: "FR41303265045"}
		mapped := erp.Partner{Key: key("3"), Name: "Mapped", Fields: map[string]string{"tax_id": "FR42303265045"}}
		invalid := erp.Partner{Key: key("4"), Name: "Invalid", InvalidTaxID: "none <b>"}
		all := []erp.Partner{right, wrong, mapped, invalid}
		outcomes, err := b.UpsertPartners(t.Context(), all)
		require.NoError(t, err)
		steps := [][]string{nil, {"VAT number not taken by Odoo: kept as a note on the contact"}, {"VAT number not taken by Odoo: kept as a note on the contact"},
			{"VAT number not valid: kept as a note on the contact"}}
		for i, o := range outcomes {
			require.Equal(t, erp.Created, o.Status, o.Reason)
			require.Equal(t, steps[i], o.Steps)
		}
		require.Equal(t, map[string]string{"Right": "FR40303265045", "Wrong": "", "Mapped": "", "Invalid": ""}, vatNumbers(t, b, all))
		require.ElementsMatch(t, []string{"FR41303265045", "FR42303265045", "none &lt;b&gt;"}, vatNotes(t, b))

		outcomes, err = b.UpsertPartners(t.Context(), all)
		require.NoError(t, err)
		for _, o := range outcomes {
			require.Equal(t, erp.Unchanged, o.Status)
		}
		all[1].TaxID, all[0].TaxID = right.TaxID, wrong.TaxID
		outcomes, err = b.UpsertPartners(t.Context(), all)
		require.NoError(t, err)
		require.Equal(t, erp.Updated, outcomes[0].Status)
		require.Equal(t, map[string]string{"Right": "", "Wrong": "FR40303265045", "Mapped": "", "Invalid": ""}, vatNumbers(t, b, all),
			"a number that is no longer right is not kept")
	}
}

func vatNumbers(t *testing.T, b *Backend, partners []erp.Partner) map[string]string {
	t.Helper()
	type contact struct {
		rpc.Row
		Name rpc.Text `json:"name"`
		VAT  rpc.Text `json:"vat"`
	}
	ids, err := b.records.IDsOf(t.Context(), "res.partner", rpc.Map(partners, func(p erp.Partner) erp.Key { return p.Key }), record.ExternalName)
	require.NoError(t, err)
	numbers := map[string]string{}
	for _, id := range ids {
		found, err := rpc.SearchBy[contact](t.Context(), b.rpc, "res.partner", "id", []int64{id}, nil, "name", "vat")
		require.NoError(t, err)
		numbers[string(found[0].Name)] = string(found[0].VAT)
	}
	return numbers
}

// vatNotes gives the numbers in the notes on contacts.
func vatNotes(t *testing.T, b *Backend) []string {
	t.Helper()
	type message struct {
		rpc.Row
		Body rpc.Text `json:"body"`
	}
	const begins, ends = "<p>VAT number given in the store, not valid: ", "</p>"
	found, err := rpc.Search[message](t.Context(), b.rpc, "mail.message", []any{rpc.Where("model", "=", "res.partner"), rpc.Where("body", "like", "VAT number given")}, "body")
	require.NoError(t, err)
	return rpc.Map(found, func(m message) string {
		require.Contains(t, string(m.Body), begins)
		return string(m.Body[len(begins) : len(m.Body)-len(ends)])
	})
}
