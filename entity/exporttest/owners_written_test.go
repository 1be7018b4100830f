package exporttest

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/fault"
	"tandem/flow"
)

// is kept back.
func TestWhatTheERPHoldsIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"erp","basic":"newest"}}`)
	changed := func() (number string) {
		t.Helper()
		require.NoError(t, l.books.Get(&number, `SELECT changed FROM ledger.products`))
		return number
	}
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"name": "Good lamp"})
	require.Equal(t, flow.Updated, l.imported().Status, "the name, and what only the store says of it")
	l.inStore("60")
	before := changed()
	kept := l.imported()
	require.Equal(t, []any{flow.Unchanged, true, before}, []any{kept.Status, kept.Partial, changed()})
	l.inERP("60")
	before = changed()
	require.Equal(t, []any{flow.Unchanged, before}, []any{l.imported().Status, changed()}, "both sides hold 60")
	l.requireQuiet()
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"name": "Better lamp"})
	require.Equal(t, flow.Updated, l.imported().Status)
	require.NotEqual(t, before, changed())
	l.requirePrices("60", "60")
}

// hasty is a ledger in which somebody works whenever products are about to land.
type hasty struct {
	*ledger.Ledger
	edit func()
}

func (h *hasty) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	if h.edit != nil {
		h.edit()
	}
	return h.Ledger.UpsertProducts(ctx, batch)
}

// What a person changes in the ERP between its being read and being written is not lost: both sides are compared again.
func TestAnEditWhileARecordLandsIsNotLost(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"basic":"erp","price":"store"}}`)
	edits := 0
	books := &hasty{Ledger: ledger.Open(l.books)}
	books.edit = func() {
		if edits++; edits < 3 {
			l.edit(`UPDATE ledger.products SET name = 'Edited ' || $1::text`, strconv.Itoa(edits))
		}
	}
	l.ec.Backend = books
	l.inStore("60")
	o := l.imported()
	require.Equal(t, []any{flow.Updated, true}, []any{o.Status, o.Partial}, "%s: %s", o.Code, o.Reason)
	var name string
	require.NoError(t, l.books.Get(&name, `SELECT name FROM ledger.products`))
	require.Equal(t, "Edited 2", name)
	l.requirePrices("60", "60")
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requireQuiet()

	books.edit = func() { l.edit(`UPDATE ledger.products SET name = name || '!'`) }
	l.inStore("61")
	_, err := l.try(flow.Import, "product", l.wooID)
	require.True(t, fault.Is(err, fault.Unavailable), "it is tried again later: %v", err)
	books.edit = nil
	require.Equal(t, flow.Updated, l.imported().Status)
	require.NoError(t, l.books.Get(&name, `SELECT name FROM ledger.products`))
	require.Equal(t, "Edited 2!!!", name)
	l.requirePrices("61", "61")
}
