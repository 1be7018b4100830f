package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

const key = "0192d3c1-repeat-me"

func everyProduct() map[string]any {
	return map[string]any{"instances": []string{"demo"}, "entities": []string{"product"}, "filter": map[string]any{"kind": "all"}}
}

func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	h := newHarness(t)
	h.connected()
	first := h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted)
	require.Empty(t, first.Header().Get("Idempotency-Replayed"))
	second := h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted)
	require.Equal(t, "true", second.Header().Get("Idempotency-Replayed"))
	require.JSONEq(t, first.Body.String(), second.Body.String())
	require.Equal(t, first.Header().Get("Location"), second.Header().Get("Location"))
	require.Len(t, h.runs.calls, 1)

	page := decode[gen.OperationPage](h.call("GET", "/operations", nil).is(http.StatusOK))
	require.Len(t, page.Items, 1)
}

func TestAKeyBelongsToOneRequestOfOneCaller(t *testing.T) {
	h := newHarness(t)
	h.connected()
	first := h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted)
	other := everyProduct()
	other["entities"] = []string{"customer"}
	h.call("POST", "/operations", other, "Idempotency-Key", key).problem(http.StatusConflict)

	h.token = h.newToken(db.ScopeOperator)
	theirs := h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted)
	require.NotEqual(t, first.Header().Get("Location"), theirs.Header().Get("Location"))
}

func TestARefusedRequestMayBeSentAgain(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).fields(http.StatusUnprocessableEntity, "instances[0]")
	h.connected()
	h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted)
}

// A process that died after it kept the operation and before it answered leaves an operation that the repetition finds.
func TestARequestThatDiedIsCompletedNotDoubled(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.runs.err = fault.New(fault.Unavailable, "Temporal is away")
	first := decode[gen.Operation](h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted))
	h.forgetAnswer(key)
	h.runs.err = nil
	second := decode[gen.Operation](h.call("POST", "/operations", everyProduct(), "Idempotency-Key", key).is(http.StatusAccepted))
	require.Equal(t, first.ID, second.ID)
	require.Equal(t, []string{"start " + first.ID, "start " + first.ID}, h.runs.calls)
}

func TestWithoutAKeyEveryRequestCounts(t *testing.T) {
	h := newHarness(t)
	h.connected()
	require.NotEqual(t, h.importAll("product").ID, h.importAll("product").ID)
}
