package api

import (
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/flow"
)

func TestRulesComeFromTheContract(t *testing.T) {
	c, err := loadContract()
	require.NoError(t, err)
	for key, want := range map[string]rule{
		"GET /api/v1/jobs/:job":                       {scope: viewer},
		"POST /api/v1/jobs/:job/process":              {scope: operator, idempotent: true},
		"POST /api/v1/tokens":                         {scope: admin},
		"GET /api/v1/operations/:operation/events":    {scope: viewer, stream: true},
		"GET /api/v1/events":                          {scope: viewer, stream: true},
		"GET /api/v1/health/live":                     {scope: public},
		"POST /api/v1/operations":                     {scope: operator, idempotent: true},
		"GET /api/v1/links/:instance/:entity/:woo_id": {scope: viewer},
	} {
		found := c.rules[key]
		require.NotNil(t, found, key)
		require.Equal(t, want, rule{scope: found.scope, stream: found.stream, idempotent: found.idempotent}, key)
	}
}

// A forgotten or misspelt scope must stop the start: it would let everybody in or nobody.
func TestAnOperationWithoutAScopeIsRefused(t *testing.T) {
	for _, extensions := range []map[string]any{nil, {"x-scope": "root"}, {"x-scope": 1}} {
		_, err := newRule("/x", &openapi3.PathItem{}, &openapi3.Operation{Extensions: extensions})
		require.ErrorContains(t, err, "is not a scope")
	}
}

func TestAFilterHoldsFieldsOfOneKind(t *testing.T) {
	day := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		filter flow.Filter
		sound  bool
	}{
		"all":            {flow.Filter{Kind: flow.All}, true},
		"changes":        {flow.Filter{Kind: flow.Changes}, true},
		"from":           {flow.Filter{Kind: flow.Range, From: day}, true},
		"to":             {flow.Filter{Kind: flow.Range, To: day}, true},
		"from and to":    {flow.Filter{Kind: flow.Range, From: day, To: day.Add(time.Hour)}, true},
		"empty range":    {flow.Filter{Kind: flow.Range, From: day, To: day}, false},
		"ids":            {flow.Filter{Kind: flow.IDs, IDs: []string{"1"}}, true},
		"ids with dates": {flow.Filter{Kind: flow.IDs, IDs: []string{"1"}, From: day}, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.sound, checkFilter(c.filter) == nil) })
	}
}

func TestMoneyIsPlainDecimalText(t *testing.T) {
	for in, want := range map[string]string{"1e3": "1000", "19.90": "19.9", "-0.05": "-0.05", "0.00": "0", "123456789012345678.12": "123456789012345678.12"} {
		require.Equal(t, want, money(decimal.RequireFromString(in)))
	}
}

func TestLocationsAreEscaped(t *testing.T) {
	require.Equal(t, "/api/v1/sale-workflows/a%2Fb", located("sale-workflows", "a/b"))
}
