package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// codeRecord makes a record of the code that is tried, nil when all were.
func codeRecord(codes []string, try int) *record {
	if try >= len(codes) {
		return nil
	}
	return &record{name: "r", cells: []rpc.Cell{rpc.TextCell("name", codes[try])}}
}

func TestWhatOdooRefusesIsTriedInAnotherWay(t *testing.T) {
	b, _ := loader("taken", "taken-too")
	coupons := [][]string{{"free"}, {"taken", "taken-too", "own"}, {"taken", "taken-too"}}
	landed, err := loadOr(t.Context(), b, "loyalty.program", coupons, codeRecord)
	require.NoError(t, err)
	require.NotZero(t, landed[0].id)
	require.NotZero(t, landed[1].id)
	require.Equal(t, "odoo_refused", landed[2].refused.Code)
	require.Contains(t, landed[2].refused.Reason, "loyalty.program.name")
	require.Contains(t, landed[2].refused.Reason, "process it again")
}

func TestAVariantLandsWithoutABarcodeThatOdooRefuses(t *testing.T) {
	b, c := loader("111")
	mug := func(barcode string) *record {
		return &record{name: "product_demo_1", cells: []rpc.Cell{rpc.TextCell("barcode", barcode), rpc.TextCell("default_code", "MUG")}}
	}
	landed, err := b.loadVariants(t.Context(), []*record{mug("111"), mug("222"), mug("")})
	require.NoError(t, err)
	for _, l := range landed {
		require.NotZero(t, l.id)
	}
	require.Equal(t, [][]string{{"tandem.product_demo_1", "", "MUG"}}, c.made[len(c.made)-1].Args["data"])
}

func TestCodesOfACoupon(t *testing.T) {
	shared, own := codesOf(&erp.Coupon{Key: erp.Key{Instance: "myshop", Entity: "coupon", ID: "7"}, Code: "SUMMER"})
	require.Equal(t, []string{"SUMMER", "SUMMER-myshop"}, shared)
	require.Equal(t, "SUMMER-myshop-7", own)
}
