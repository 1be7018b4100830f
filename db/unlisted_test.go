package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

func TestUnlisted(t *testing.T) {
	d := newDB(t)
	landPage(t, d, newOperation(t, d, "product"), "product", Created, "1", "2", "3", "4", "5")
	gone := newOperation(t, d, "product")
	page := PageResult{Operation: gone, Instance: "demo", Entity: "product", Results: []flow.Result{
		{Record: flow.Record{ID: "5"}, Outcome: flow.Outcome{Status: flow.Gone, Code: "not_in_store"}}}}
	page.Started = beginPage(t, d, PageStart{
		Operation: gone, Instance: "demo", Entity: "product", Missing: []flow.Missing{{ID: "5", Code: "not_in_store"}}})
	require.NoError(t, d.FinishPage(t.Context(), page))

	everything := newOperation(t, d, "product")
	landPage(t, d, everything, "product", Unchanged, "1", "3")
	unlisted := func(entity string, limit int) []string {
		ids, err := d.Unlisted(t.Context(), everything, "demo", entity, limit)
		require.NoError(t, err)
		return ids
	}
	require.Equal(t, []string{"2", "4"}, unlisted("product", 10))
	require.Equal(t, []string{"2"}, unlisted("product", 1))
	require.Empty(t, unlisted("coupon", 10))
}
