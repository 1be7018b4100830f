package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// invoiced sells a quotation up to its invoice, and gives its path and what it is now.
func (h *harness) invoiced() (at string, order gen.LedgerOrder) {
	h.t.Helper()
	at = h.call("POST", "/ledger/orders", h.quotation()).is(http.StatusCreated).location()
	h.call("POST", at+"/validate", nil).is(http.StatusOK)
	return at, decode[gen.LedgerOrder](h.call("POST", at+"/invoice", nil).is(http.StatusOK))
}

func walkCreditNotes(h *harness, order string) {
	note := h.call("POST", "/ledger/credit-notes", map[string]any{"order": order, "amount": "1"}).is(http.StatusCreated).location()
	h.call("GET", note, nil).is(http.StatusOK)
	h.call("GET", "/ledger/credit-notes?limit=1&order="+order, nil).is(http.StatusOK)
	h.call("POST", note+"/reverse", nil).is(http.StatusOK)
}

func TestACreditNoteIsMadeAndReversed(t *testing.T) {
	h := newHarness(t)
	at, order := h.invoiced()
	ask := map[string]any{"order": order.ID, "reason": "Broken", "restock": true, "lines": []any{map[string]any{"line": order.Lines[0].ID, "quantity": "1"}}}
	made := h.call("POST", "/ledger/credit-notes", ask, "Idempotency-Key", "credit-once").is(http.StatusCreated)
	note := decode[gen.LedgerCreditNote](made)
	require.Equal(t, []string{"3.17", "0.63", "3.8", "S00001/1", "S00001", "7"},
		[]string{note.Untaxed, note.Tax, note.Total, note.Reference, note.OrderNumber, note.Lines[0].Taxes[0]})
	h.forgetAnswer("credit-once")
	again := h.call("POST", "/ledger/credit-notes", ask, "Idempotency-Key", "credit-once").is(http.StatusCreated)
	require.Equal(t, made.location(), again.location(), "a lost answer gives back nothing twice")
	require.Equal(t, "13.48", decode[gen.LedgerOrder](h.call("GET", at, nil)).Invoice.Due)

	reversed := decode[gen.LedgerCreditNote](h.call("POST", made.location()+"/reverse", nil).is(http.StatusOK))
	require.True(t, reversed.Reversed)
	require.Equal(t, "17.28", decode[gen.LedgerOrder](h.call("GET", at, nil)).Invoice.Due)
	found := decode[gen.LedgerCreditNotePage](h.call("GET", "/ledger/credit-notes?search=broken", nil).is(http.StatusOK))
	require.Equal(t, []gen.LedgerCreditNote{reversed}, found.Items)
	h.call("GET", "/ledger/credit-notes/4711", nil).problem(http.StatusNotFound)
}

func TestWhatIsWrongWithACreditNoteIsNamed(t *testing.T) {
	h := newHarness(t)
	_, order := h.invoiced()
	line := func(fields map[string]any) []any { return []any{fields} }
	for name, c := range map[string]struct {
		ask    map[string]any
		fields []string
	}{
		"nothing":       {map[string]any{}, []string{"lines"}},
		"two ways":      {map[string]any{"amount": "1", "all": true}, []string{"lines"}},
		"no amount":     {map[string]any{"amount": "0"}, []string{"amount"}},
		"too much":      {map[string]any{"amount": "17.29"}, []string{"amount"}},
		"too many":      {map[string]any{"lines": line(map[string]any{"line": order.Lines[0].ID, "quantity": "4"})}, []string{"lines[0].quantity"}},
		"another line":  {map[string]any{"lines": line(map[string]any{"line": "99"})}, []string{"lines[0].line"}},
		"another order": {map[string]any{"order": "4711", "all": true}, []string{"order"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[string]any{"order": order.ID}
			for key, value := range c.ask {
				body[key] = value
			}
			h.in(t).call("POST", "/ledger/credit-notes", body).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
	require.Empty(t, decode[gen.LedgerCreditNotePage](h.call("GET", "/ledger/credit-notes", nil).is(http.StatusOK)).Items)
	quote := h.call("POST", "/ledger/orders", map[string]any{"partner": order.Partner, "currency": "EUR",
		"lines": []any{map[string]any{"kind": "fee", "description": "Wrap", "unit_price": "1"}}}).is(http.StatusCreated)
	body := map[string]any{"order": decode[gen.LedgerOrder](quote).ID, "all": true}
	require.Contains(t, h.call("POST", "/ledger/credit-notes", body).problem(http.StatusConflict).Detail, "invoice it first")
}
