package rpc

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
func holds[T any](table Table[T], want ...T) func(*testing.T) {
	return func(t *testing.T) {
		require.Len(t, want, Newest-oldest+1)
		for i, version := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
			require.Equal(t, want[i], table.For(releaseAt(t, version)), version)
		}
		require.Equal(t, want[len(want)-1], table.For(releaseAt(t, "23.0")), "newer than any that is known")
		require.Equal(t, oldest, table[0].Major, "the first row is for the oldest version")
		for i := range table[1:] {
			require.Less(t, table[i].Major, table[i+1].Major, "rows are in the order of their versions")
			require.NotEqual(t, table[i].Value, table[i+1].Value, "the row of %d changes nothing", table[i+1].Major)
		}
	}
}

// versionTables has a case for every table.
var versionTables = map[string]func(*testing.T){
	"Storables": holds(Storables,
		Storable{[]string{"type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		Storable{[]string{"detailed_type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		Storable{[]string{"detailed_type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		Storable{[]string{"detailed_type"}, []string{"product"}, []string{"consu"}, []string{"service"}},
		Storable{[]string{"type", "is_storable"}, []string{"consu", "1"}, []string{"consu", "0"}, []string{"service", "0"}},
		Storable{[]string{"type", "is_storable"}, []string{"consu", "1"}, []string{"consu", "0"}, []string{"service", "0"}}),
	"LineTaxes":           holds(LineTaxes, "tax_id", "tax_id", "tax_id", "tax_id", "tax_id", "tax_ids"),
	"LineUnits":           holds(LineUnits, "product_uom", "product_uom", "product_uom", "product_uom", "product_uom", "product_uom_id"),
	"UnitsGrow":           holds(UnitsGrow, false, false, false, false, false, true),
	"ReturnsInUnitOfMove": holds(ReturnsInUnitOfMove, false, false, false, false, false, true),
	"TaxLabels":           holds(TaxLabels, "description", "description", "description", "invoice_label", "invoice_label", "invoice_label"),
	"TaxBases":            holds(TaxBases, "", "is_base_affected", "is_base_affected", "is_base_affected", "is_base_affected", "is_base_affected"),
	"TaxIncludes":         holds(TaxIncludes, flagged, flagged, flagged, flagged, overridden, overridden),
	"ManualTaxes":         holds(ManualTaxes, false, false, false, false, false, true),
	"CouponCodes":         holds(CouponCodes, promoCode, promoCode, ruleCode, ruleCode, ruleCode, ruleCode),
	"PlainEntries":        holds(PlainEntries, true, true, false, false, false, false),
	"TaxAccounts":         holds(TaxAccounts, apart, apart, apart, together, together, together),
	"AccountKinds":        holds(AccountKinds, "user_type_id", "user_type_id", "account_type", "account_type", "account_type", "account_type"),
	"AccountCompanies":    holds(AccountCompanies, "company_id", "company_id", "company_id", "company_id", "company_ids", "company_ids"),
	"AccountsInUse":       holds(AccountsInUse, inUse, inUse, inUse, inUse, inUse, nil),
	"TagModels":           holds(TagModels, "", "", "product.tag", "product.tag", "product.tag", "product.tag"),
	"CouponModels": holds(CouponModels, "coupon.program", "coupon.program", "loyalty.program", "loyalty.program", "loyalty.program",
		"loyalty.program"),
	"CouponActions": holds(CouponActions, promoPrograms, promoPrograms, discounts, discounts, discounts, discounts),
	"HasPaths":      holds(HasPaths, false, false, false, false, true, true),
	"CouponModules": holds(CouponModules, "sale_coupon", "sale_coupon", "sale_loyalty", "sale_loyalty", "sale_loyalty", "sale_loyalty"),
	"DoneQuantities": holds(DoneQuantities, DoneQuantity{"quantity_done", false}, DoneQuantity{"quantity_done", false},
		DoneQuantity{"quantity_done", false}, DoneQuantity{"quantity", true}, DoneQuantity{"quantity", true}, DoneQuantity{"quantity", true}),
	"ReservedQuantities": holds(ReservedQuantities, "reserved_availability", "reserved_availability", "reserved_availability", "quantity",
		"quantity", "quantity"),
	"LineQuantities": holds(LineQuantities, LineQuantity{"product_uom_qty", "qty_done"}, LineQuantity{"product_uom_qty", "qty_done"},
		LineQuantity{"reserved_uom_qty", "qty_done"}, LineQuantity{}, LineQuantity{}, LineQuantity{}),
	"CountFields": holds(CountFields, "inventory_quantity", "inventory_quantity_auto_apply", "inventory_quantity_auto_apply",
		"inventory_quantity_auto_apply", "inventory_quantity_auto_apply", "inventory_quantity_auto_apply"),
	"StorableFlags": holds(StorableFlags, "", "", "", "", "is_storable", "is_storable"),
	"MethodLines":   holds(MethodLines, false, true, true, true, true, true),
	"ReturnWizards": holds(ReturnWizards, ReturnWizard{"location_id", "create_returns"}, ReturnWizard{"location_id", "create_returns"},
		ReturnWizard{"location_id", "create_returns"}, ReturnWizard{"location_id", "create_returns"}, ReturnWizard{"", "action_create_returns"},
		ReturnWizard{"", "action_create_returns"}),
	"Reversals": holds(Reversals, Reversal{"cancel", "reverse_moves"}, Reversal{"cancel", "reverse_moves"}, Reversal{"cancel", "reverse_moves"},
		Reversal{"", "refund_moves"}, Reversal{"", "refund_moves"}, Reversal{"", "refund_moves"}),
	"WizardOrders":         holds(WizardOrders, false, false, true, true, true, true),
	"ConsolidatesInvoices": holds(ConsolidatesInvoices, false, false, false, true, true, true),
	"AccessChecks":         holds(AccessChecks, askedOnce, askedOnce, askedOnce, askedOnce, askedOnNone, askedOnNone),
	"KeyEnds":              holds(KeyEnds, "", "", "", "", "expiration_date", "expiration_date"),
	"PostsOutstanding":     holds(PostsOutstanding, false, false, false, false, true, true),
	"MemoFields":           holds(MemoFields, "ref", "ref", "ref", "ref", "memo", "memo"),
	"PaidInvoices":         holds(PaidInvoices, byEntry, byEntry, byEntry, byEntry, "invoice_ids", "invoice_ids"),
	"newestProtocols":      holds(newestProtocols, JSONRPC, JSONRPC, JSONRPC, JSONRPC, JSONRPC, JSON2),
	"RichTexts":            holds(RichTexts, false, true, true, true, true, true),
	"sessionErrors":        holds(sessionErrors, true, true, false, false, false, false),
}

// Values that are too long to stand in the cases six times.
var (
	flagged                  = TaxInclude{"price_include", "1", "0"}
	overridden               = TaxInclude{"price_include_override", "tax_included", "tax_excluded"}
	promoPrograms, discounts = "coupon.coupon_program_action_promo_program", "loyalty.loyalty_program_discount_loyalty_action"

	promoCode   = CouponCode{"coupon.program", "promo_code", []string{"promo_code"}}
	ruleCode    = CouponCode{"loyalty.rule", "code", []string{"code", "program_id"}}
	apart       = TaxAccount{"invoice_tax_id", "refund_tax_id"}
	together    = TaxAccount{"tax_id", "tax_id"}
	inUse       = []any{Where("deprecated", "=", false)}
	askedOnce   = AccessCheck{"check_access_rights", nil, true}
	askedOnNone = AccessCheck{"has_access", []int64{}, false}
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

// isTable reports whether a type is Table[something].
func isTable(e ast.Expr) bool {
	of, ok := e.(*ast.IndexExpr)
	if !ok {
		return false
	}
	name, ok := of.X.(*ast.Ident)
	return ok && name.Name == "Table"
}

func TestOnlyTheTablesKnowVersions(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	inside, err := filepath.Glob("../*/*.go")
	require.NoError(t, err)
	files = append(files, inside...)
	require.Contains(t, files, "../rpc/release_tables.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "../rpc/release.go" || strings.HasPrefix(file, "../odoo") {
			continue
		}
		if file != "../rpc/release_tables.go" {
			require.Empty(t, tablesIn(t, file), "%s: version tables belong into release_tables.go", file)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				require.NotEqual(t, "Major", s.Sel.Name, "%s compares versions: make a table of it", file)
			}
			return true
		})
	}
}
