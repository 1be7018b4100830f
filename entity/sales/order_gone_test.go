package sales

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// soldThings is a store with products in all conditions. The ERP lacks them all but 1.
const soldThings = `{"products": [
	{"id": 1, "type": "simple", "status": "publish"}, {"id": 2, "type": "simple", "status": "draft"},
	{"id": 3, "type": "simple", "status": "trash"},
	{"id": 5, "type": "variable", "status": "publish", "variations": [51, 52]},
	{"id": 6, "type": "variable", "status": "trash", "variations": [61]},
	{"id": 7, "type": "subscription", "status": "publish", "variations": [{"id": 71}]},
	{"id": 99, "type": "simple", "status": "publish"}
 ], "variations": {"5": [{"id": 51, "parent_id": 5, "status": "publish"}, {"id": 53, "parent_id": 5, "status": "trash"},
                         {"id": 54, "parent_id": 5, "status": "private"}]}}`

// sells makes an order of an online guest with a line per product.
func sells(items ...woo.LineItem) orderRecord {
	record := numbered(1, "a@example.com")
	record.LineItems = nil
	for i, item := range items {
		item.ID, item.Quantity, item.Total = woo.ID(i+1), entitytest.Some("1"), entitytest.Some("10")
		record.LineItems = append(record.LineItems, item)
	}
	record.Total = entitytest.Some("10")
	for range items[1:] {
		record.Total = woo.NewDecimal(record.Total.Add(entitytest.Amount("10")))
	}
	return record
}

func TestOrdersOfWhatTheStoreNoLongerHas(t *testing.T) {
	for name, test := range map[string]struct {
		product, variation woo.ID
		code               string // where no placeholder is chosen; empty: it waits for the product
	}{
		"not imported yet":                  {2, 0, ""},
		"a variation not imported yet":      {5, 52, ""},
		"a variation the list leaves out":   {5, 54, ""},
		"a plugin's variation, as object":   {7, 71, ""},
		"in the trash":                      {3, 0, productTrashed},
		"deleted, its number is kept":       {4, 0, productDeleted},
		"deleted":                           {0, 0, productDeleted},
		"a deleted variation":               {5, 0, variationGone},
		"a deleted variation of a plugin's": {7, 0, variationGone},
		"a variation in the trash":          {5, 53, variationGone},
		"a deleted variation, still named":  {5, 55, variationGone},
		"of a product in the trash":         {6, 61, productTrashed},
		"of a deleted product":              {8, 81, productDeleted},
		"a variation without its product":   {0, 81, variationGone},
	} {
		t.Run(name, func(t *testing.T) {
			record := sells(woo.LineItem{ProductID: 1}, woo.LineItem{ProductID: test.product, VariationID: test.variation})
			for _, placeholder := range []string{"", "99"} {
				ec, stub := lacking(t)
				ec.Instance.Config.Order.Placeholder = placeholder
				results, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, record))
				require.NoError(t, err)
				got := results[0]
				switch {
				case test.code == "":
					require.Equal(t, "unknown_product", got.Code)
					require.NotEmpty(t, got.Waits)
				case placeholder == "":
					require.Equal(t, test.code, got.Code)
					require.Contains(t, got.Reason, "line 2")
					require.Contains(t, got.Reason, "order.placeholder_product")
					require.NotContains(t, got.Reason, " map ")
					require.Empty(t, got.Waits, "nothing that is imported solves it")
				default:
					require.Equal(t, erp.Created, got.Status, got.Reason)
					require.Equal(t, entitytest.Key("product", "99"), stub.Orders[0].Placeholder)
					require.Equal(t, entitytest.Key("product", "1"), stub.Orders[0].Lines[0].Product)
					require.True(t, stub.Orders[0].Lines[1].Product.IsZero(), "the ERP may know what it was")
				}
				require.Equal(t, !got.Landed(), len(stub.Partners) == 0, "of a parked order nothing is written")
			}
		})
	}
}

func TestPlaceholdersThatCannotBeSold(t *testing.T) {
	for name, test := range map[string]struct {
		placeholder string
		code        string
	}{
		"not imported yet": {"2", "unknown_product"},
		"a variation":      {"51", "unknown_product"},
		"in the trash":     {"3", placeholderGone},
		"deleted":          {"4", placeholderGone},
		"has variations":   {"5", placeholderGone},
	} {
		t.Run(name, func(t *testing.T) {
			for _, product := range []woo.ID{0, 3} {
				ec, stub := lacking(t)
				ec.Instance.Config.Order.Placeholder = test.placeholder
				stub.Lacks[entitytest.Key("product", test.placeholder)] = true
				results, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, sells(woo.LineItem{ProductID: product})))
				require.NoError(t, err)
				require.Equal(t, test.code, results[0].Code, results[0].Reason)
				require.Equal(t, test.code == placeholderGone, len(results[0].Waits) == 0)
			}
		})
	}
}

// lacking opens a store of soldThings and an ERP in which products 1 and 99 have landed.
func lacking(t *testing.T) (mapping.Context, *entitytest.Ledger) {
	t.Helper()
	var state oddstore.State
	require.NoError(t, json.Unmarshal([]byte(soldThings), &state))
	ec := entitytest.OddStore(t, state)
	stub := &entitytest.Ledger{Lacks: map[erp.Key]bool{}}
	for _, id := range []string{"2", "3", "4", "5", "6", "7", "51", "52", "53", "54", "55", "61", "71", "81"} {
		stub.Lacks[entitytest.Key("product", id)] = true
	}
	ec.Backend = stub
	return ec, stub
}
