package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestEachKindOfFaultHasItsStatus(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	for kind, status := range map[fault.Kind]int{
		fault.Invalid: 422, fault.Conflict: 409, fault.Unauthorized: 422, fault.RateLimited: 429, fault.Unavailable: 503,
		fault.Unsupported: 422, fault.Parked: 409, fault.Internal: 500,
		fault.NotFound: 409, // the run is not there; the operation is
	} {
		t.Run(string(kind), func(t *testing.T) {
			h.runs.err = fault.New(kind, "what to do")
			p := h.in(t).call("POST", "/operations/"+op.ID+"/pause", nil).problem(status)
			require.Equal(t, status, p.Status)
			require.NotEmpty(t, p.Title)
			if kind != fault.NotFound {
				require.Equal(t, kind, p.Code)
				require.Equal(t, "what to do", p.Detail)
			}
		})
	}
}

func TestCausesStayInside(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	secret := errors.New("secret cause")

	h.runs.err = fault.Wrap(fault.Unavailable, secret, "Temporal does not answer")
	answer := h.call("POST", "/operations/"+op.ID+"/pause", nil).is(503).Body.String()
	require.NotContains(t, answer+h.log.String(), "secret cause", "expected failures need no cause in the log")

	h.runs.err = fmt.Errorf("unclassified: %w", secret)
	reply := h.call("POST", "/operations/"+op.ID+"/pause", nil)
	p := reply.problem(500)
	require.Equal(t, "internal error", p.Detail)
	require.Contains(t, h.log.String(), "secret cause", "a defect of ours must be found")
	require.Equal(t, "urn:request:"+reply.Header().Get("X-Request-Id"), p.Instance)
	require.Contains(t, h.log.String(), reply.Header().Get("X-Request-Id"))
}

func TestReasonsAreCodesThatTellMoreThanTheKind(t *testing.T) {
	h := newHarness(t)
	h.connected()
	op := h.importAll("product")
	for _, c := range []struct {
		name   string
		fault  fault.Error
		status int
		reason string
	}{
		{"of our own", fault.Error{Kind: fault.Conflict, Code: "plain_permalinks"}, 409, "plain_permalinks"},
		{"of the store", fault.Error{Kind: fault.Unauthorized, Code: "woocommerce_rest_cannot_view"}, 422, "woocommerce_rest_cannot_view"},
		{"none", fault.Error{Kind: fault.Conflict}, 409, ""},
		{"the kind again", fault.Error{Kind: fault.Conflict, Code: "conflict"}, 409, ""},
		{"of the database", fault.Error{Kind: fault.Unavailable, Code: "55P03"}, 503, ""},
		{"of a defect", fault.Error{Kind: fault.Internal, Code: "odoo_KeyError"}, 500, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.fault.Message = "what to do"
			h.runs.err = &c.fault
			p := h.in(t).call("POST", "/operations/"+op.ID+"/pause", nil).problem(c.status)
			require.Equal(t, c.reason, p.Reason)
		})
	}
}

func TestWaitingTimesAreRoundedUp(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.store.err = &fault.Error{Kind: fault.RateLimited, Message: "slow down", After: 1500 * time.Millisecond}
	reply := h.call("POST", "/instances/demo/connect", nil).is(http.StatusTooManyRequests)
	require.Equal(t, "2", reply.Header().Get("Retry-After"))
}

func TestPanicsAreProblems(t *testing.T) {
	h := newHarness(t)
	h.connected()
	h.erp.panics = true
	p := h.call("GET", "/instances/demo/price-lists", nil).problem(http.StatusInternalServerError)
	require.Equal(t, "internal error", p.Detail)
	require.Contains(t, h.log.String(), "a defect stopped the request")
	require.Contains(t, h.log.String(), "stubs_test.go", "the stack says where")
	require.NotContains(t, h.log.String(), "out of order", "what a panic says may be personal data")
	h.erp.panics = false
	h.call("GET", "/instances/demo/price-lists", nil).is(http.StatusOK)
}
