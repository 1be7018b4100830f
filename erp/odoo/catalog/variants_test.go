package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
)

func TestAVariantLandsWithoutABarcodeThatOdooRefuses(t *testing.T) {
	c := rpctest.Loads("111")
	b := newWriter(&rpc.Client{Caller: c})
	mug := func(barcode string) *record.Record {
		return &record.Record{Name: "product_demo_1", Cells: []rpc.Cell{rpc.TextCell("barcode", barcode), rpc.TextCell("default_code", "MUG")}}
	}
	landed, err := b.loadVariants(t.Context(), []*record.Record{mug("111"), mug("222"), mug("")})
	require.NoError(t, err)
	for _, l := range landed {
		require.NotZero(t, l.ID)
	}
	require.Equal(t, [][]string{{"tandem.product_demo_1", "", "MUG"}}, c.Made[len(c.Made)-1].Args["data"])
}

func TestCodesOfACoupon(t *testing.T) {
	shared, own := codesOf(&erp.Coupon{Key: erp.Key{Instance: "myshop", Entity: "coupon", ID: "7"}, Code: "SUMMER"})
	require.Equal(t, []string{"SUMMER", "SUMMER-myshop"}, shared)
	require.Equal(t, "SUMMER-myshop-7", own)
}
