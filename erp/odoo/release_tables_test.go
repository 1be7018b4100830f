package odoo

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// holds checks what a version table says of each version from 14 on, that it says the newest of one that is unknown, and
// that no row is for nothing.
func holds[T any](table []since[T], want ...T) func(*testing.T) {
	return func(t *testing.T) {
		require.Len(t, want, newest-oldest+1)
		for i, version := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
			require.Equal(t, want[i], pick(at(t, version), table), version)
		}
		require.Equal(t, want[len(want)-1], pick(at(t, "23.0"), table), "newer than any that is known")
		require.Equal(t, oldest, table[0].major, "the first row is for the oldest version")
		for i := range table[1:] {
			require.Less(t, table[i].major, table[i+1].major, "rows are in the order of their versions")
			require.NotEqual(t, table[i].value, table[i+1].value, "the row of %d changes nothing", table[i+1].major)
		}
	}
}

// versionTables has a case for every table.
var versionTables = map[string]func(*testing.T){
	"storables": holds(storables,
		storable{[]string{"type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		storable{[]string{"detailed_type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		storable{[]string{"detailed_type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		storable{[]string{"detailed_type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		storable{[]string{"type", "is_storable"}, []string{"consu", "1"}, []string{"consu", "0"}, []string{"service", "0"}},
		storable{[]string{"type", "is_storable"}, []string{"consu", "1"}, []string{"consu", "0"}, []string{"service", "0"}}),
	"lineTaxes":        holds(lineTaxes, "tax_id", "tax_id", "tax_id", "tax_id", "tax_id", "tax_ids"),
	"taxLabels":        holds(taxLabels, "description", "description", "description", "invoice_label", "invoice_label", "invoice_label"),
	"taxBases":         holds(taxBases, "", "is_base_affected", "is_base_affected", "is_base_affected", "is_base_affected", "is_base_affected"),
	"taxIncludes":      holds(taxIncludes, flagged, flagged, flagged, flagged, overridden, overridden),
	"manualTaxes":      holds(manualTaxes, false, false, false, false, false, true),
	"couponCodes":      holds(couponCodes, promoCode, promoCode, ruleCode, ruleCode, ruleCode, ruleCode),
	"plainEntries":     holds(plainEntries, true, true, false, false, false, false),
	"taxAccounts":      holds(taxAccounts, apart, apart, apart, together, together, together),
	"accountKinds":     holds(accountKinds, "user_type_id", "user_type_id", "account_type", "account_type", "account_type", "account_type"),
	"accountCompanies": holds(accountCompanies, "company_id", "company_id", "company_id", "company_id", "company_ids", "company_ids"),
	"accountsInUse":    holds(accountsInUse, inUse, inUse, inUse, inUse, inUse, nil),
	"tagModels":        holds(tagModels, "", "", "product.tag", "product.tag", "product.tag", "product.tag"),
	"couponModels": holds(couponModels, "coupon.program", "coupon.program", "loyalty.program", "loyalty.program", "loyalty.program",
		"loyalty.program"),
	"couponModules": holds(couponModules, "sale_coupon", "sale_coupon", "sale_loyalty", "sale_loyalty", "sale_loyalty", "sale_loyalty"),
	"doneQuantities": holds(doneQuantities, doneQuantity{"quantity_done", false}, doneQuantity{"quantity_done", false},
		doneQuantity{"quantity_done", false}, doneQuantity{"quantity", true}, doneQuantity{"quantity", true}, doneQuantity{"quantity", true}),
	"reservedQuantities": holds(reservedQuantities, "reserved_availability", "reserved_availability", "reserved_availability", "quantity",
		"quantity", "quantity"),
	"lineQuantities": holds(lineQuantities, lineQuantity{"product_uom_qty", "qty_done"}, lineQuantity{"product_uom_qty", "qty_done"},
		lineQuantity{"reserved_uom_qty", "qty_done"}, lineQuantity{}, lineQuantity{}, lineQuantity{}),
	"countFields": holds(countFields, "inventory_quantity", "inventory_quantity_auto_apply", "inventory_quantity_auto_apply",
		"inventory_quantity_auto_apply", "inventory_quantity_auto_apply", "inventory_quantity_auto_apply"),
	"storableFlags":    holds(storableFlags, "", "", "", "", "is_storable", "is_storable"),
	"methodLines":      holds(methodLines, false, true, true, true, true, true),
	"wizardOrders":     holds(wizardOrders, false, false, true, true, true, true),
	"consolidates":     holds(consolidates, false, false, false, true, true, true),
	"accessChecks":     holds(accessChecks, askedOnce, askedOnce, askedOnce, askedOnce, askedOnNone, askedOnNone),
	"keyEnds":          holds(keyEnds, "", "", "", "", "expiration_date", "expiration_date"),
	"postsOutstanding": holds(postsOutstanding, false, false, false, false, true, true),
	"memoFields":       holds(memoFields, "ref", "ref", "ref", "ref", "memo", "memo"),
	"paidInvoices":     holds(paidInvoices, byEntry, byEntry, byEntry, byEntry, "invoice_ids", "invoice_ids"),
	"newestProtocols":  holds(newestProtocols, JSONRPC, JSONRPC, JSONRPC, JSONRPC, JSONRPC, JSON2),
	"richTexts":        holds(richTexts, false, true, true, true, true, true),
	"sessionErrors":    holds(sessionErrors, true, true, false, false, false, false),
}

// Values that are too long to stand in the cases six times.
var (
	flagged     = taxInclude{"price_include", "1", "0"}
	overridden  = taxInclude{"price_include_override", "tax_included", "tax_excluded"}
	promoCode   = couponCode{"coupon.program", "promo_code", []string{"promo_code"}}
	ruleCode    = couponCode{"loyalty.rule", "code", []string{"code", "program_id"}}
	apart       = taxAccount{"invoice_tax_id", "refund_tax_id"}
	together    = taxAccount{"tax_id", "tax_id"}
	inUse       = []any{term("deprecated", "=", false)}
	askedOnce   = accessCheck{"check_access_rights", nil, true}
	askedOnNone = accessCheck{"has_access", []int64{}, false}
	byEntry     = "move_id.line_ids.matched_debit_ids.debit_move_id.move_id"
)

func TestVersionTables(t *testing.T) {
	require.ElementsMatch(t, tablesIn(t, "release_tables.go"), slices.Collect(maps.Keys(versionTables)), "every table has a case")
	for name, check := range versionTables {
		t.Run(name, check)
	}
}

// tablesIn lists the version tables that a file declares.
func tablesIn(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var names []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			for i, value := range v.Values {
				if literal, ok := value.(*ast.CompositeLit); ok && isTable(literal.Type) {
					names = append(names, v.Names[i].Name)
				}
			}
		}
		return true
	})
	return names
}

// isTable reports whether a type is []since[something].
func isTable(e ast.Expr) bool {
	list, ok := e.(*ast.ArrayType)
	if !ok {
		return false
	}
	rows, ok := list.Elt.(*ast.IndexExpr)
	if !ok {
		return false
	}
	name, ok := rows.X.(*ast.Ident)
	return ok && name.Name == "since"
}

func TestOnlyTheTablesKnowVersions(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "release.go" {
			continue
		}
		if file != "release_tables.go" {
			require.Empty(t, tablesIn(t, file), "%s: version tables belong into release_tables.go", file)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				require.NotEqual(t, "major", s.Sel.Name, "%s compares versions: make a table of it", file)
			}
			return true
		})
	}
}
