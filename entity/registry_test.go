package entity

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// mappings names the imports that the packages below make.
func mappings(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("*", "*.go"))
	require.NoError(t, err)
	made := regexp.MustCompile(`(?m)^var (\w+) = mapping\.Importing`)
	var names []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range made.FindAllStringSubmatch(string(source), -1) {
			names = append(names, filepath.Dir(file)+"."+match[1])
		}
	}
	return names
}

func TestRegistryRespectsDependencies(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range List(flow.Import) {
		require.NotEmpty(t, e.Title())
		for _, before := range e.After() {
			require.True(t, seen[before], "%s needs %s before it", e.Name(), before)
		}
		require.False(t, seen[e.Name()], e.Name())
		seen[e.Name()] = true
		got, err := Get(flow.Import, e.Name())
		require.NoError(t, err)
		require.Equal(t, e.Name(), got.Name())
	}
	require.Len(t, seen, len(mappings(t)), "each mapping is in the registry: %s", mappings(t))
}

func TestGetNamesTheKnownOnes(t *testing.T) {
	_, err := Get(flow.Import, "invoice")
	require.True(t, fault.Is(err, fault.Invalid))
	require.ErrorContains(t, err, "tax_class, tax, category")
}

func TestPlan(t *testing.T) {
	for _, test := range []struct {
		name  string
		names []string
		want  [][]string
	}{
		{"none", nil, nil},
		{"one", []string{"order"}, [][]string{{"order"}}},
		{"in order of need, each once", []string{"order", "product", "category", "order"},
			[][]string{{"category"}, {"product"}, {"order"}}},
		{"need by way of one that is not asked for", []string{"order", "category"}, [][]string{{"category"}, {"order"}}},
		{"refunds after their orders", []string{"refund", "order"}, [][]string{{"order"}, {"refund"}}},
		{"independent ones together", []string{"customer", "product", "coupon", "order", "tag", "tax"},
			[][]string{{"tag", "customer"}, {"tax", "product"}, {"coupon", "order"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Plan(flow.Import, test.names)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
	_, err := Plan(flow.Import, []string{"order", "refunds"})
	require.True(t, fault.Is(err, fault.Invalid))
}

func TestAccepts(t *testing.T) {
	day := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		entity string
		filter flow.Filter
		field  string // "": accepted
	}{
		{"all", "tag", flow.Filter{Kind: flow.All}, ""},
		{"changes of terms are a full scan", "tag", flow.Filter{Kind: flow.Changes, From: day}, ""},
		{"changes of customers are a full scan", "customer", flow.Filter{Kind: flow.Changes, From: day}, ""},
		{"range of orders", "order", flow.Filter{Kind: flow.Range, From: day, To: day.AddDate(0, 0, 1)}, ""},
		{"open range", "order", flow.Filter{Kind: flow.Range, From: day}, ""},
		{"range without bounds", "order", flow.Filter{Kind: flow.Range}, "filter.from"},
		{"range the wrong way", "order", flow.Filter{Kind: flow.Range, From: day, To: day}, "filter.to"},
		{"range of customers", "customer", flow.Filter{Kind: flow.Range, From: day}, "filter.kind"},
		{"range of taxes", "tax", flow.Filter{Kind: flow.Range, From: day}, "filter.kind"},
		{"refunds by order and number", "refund", flow.Filter{Kind: flow.IDs, IDs: []string{"1310/1312", "1310/cancellation"}}, ""},
		{"refunds by their number alone", "refund", flow.Filter{Kind: flow.IDs, IDs: []string{"1312"}}, "filter.ids"},
		{"ids", "product", flow.Filter{Kind: flow.IDs, IDs: []string{"111", "222"}}, ""},
		{"no ids", "product", flow.Filter{Kind: flow.IDs}, "filter.ids"},
		{"no number", "product", flow.Filter{Kind: flow.IDs, IDs: []string{"1", "1x"}}, "filter.ids"},
		{"zero", "product", flow.Filter{Kind: flow.IDs, IDs: []string{"0"}}, "filter.ids"},
		{"zone zero", "shipping_zone", flow.Filter{Kind: flow.IDs, IDs: []string{"0"}}, ""},
		{"gateways have names", "payment_gateway", flow.Filter{Kind: flow.IDs, IDs: []string{"bacs"}}, ""},
		{"blank name", "payment_gateway", flow.Filter{Kind: flow.IDs, IDs: []string{" "}}, "filter.ids"},
		{"unknown kind", "product", flow.Filter{Kind: "recent"}, "filter.kind"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := Get(flow.Import, test.entity)
			require.NoError(t, err)
			err = e.Accepts(test.filter)
			if test.field == "" {
				require.NoError(t, err)
				return
			}
			require.True(t, fault.Is(err, fault.Invalid))
			require.Equal(t, test.field, fault.From(err).Field)
		})
	}
}

func TestRefusedFilterSaysWhy(t *testing.T) {
	customer, err := Get(flow.Import, "customer")
	require.NoError(t, err)
	err = customer.Accepts(flow.Filter{Kind: flow.Range, From: time.Now()})
	require.ErrorContains(t, err, "cannot list customers by date")
}
