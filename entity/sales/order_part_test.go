package sales

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// marketplace is an order, its two parts, and one without parts.
func marketplace() []woo.Order {
	whole := priceOf("30", "30")
	whole.ID, whole.MetaData = 8, []woo.Meta{field("has_sub_order", `"1"`)}
	first, second, other := priceOf("10", "10"), priceOf("20", "20"), priceOf("5", "5")
	first.ID, first.ParentID = 9, 8
	second.ID, second.ParentID = 10, 8
	other.ID, other.MetaData = 11, []woo.Meta{field("has_sub_order", `""`)}
	return []woo.Order{whole, first, second, other}
}

func TestMoneyOfSubOrdersCountsOnce(t *testing.T) {
	for _, test := range []struct {
		setting string
		read    []woo.ID // what is read in an import of all
		held    []woo.ID // what is held back of them, or when asked for by id
	}{
		{"", []woo.ID{8, 9, 10, 11}, []woo.ID{9, 10}},
		{instance.SubOrdersParents, []woo.ID{8, 11}, []woo.ID{9, 10}},
		{instance.SubOrdersChildren, []woo.ID{9, 10, 11}, []woo.ID{8}},
		{instance.SubOrdersBoth, []woo.ID{8, 9, 10, 11}, nil},
	} {
		ec := entitytest.Demo()
		ec.Instance.Config.Order.SubOrders = test.setting
		all := func(context.Context, mapping.Context, flow.Filter, flow.Cursor) iter.Seq2[flow.Batch[woo.Order], error] {
			return func(yield func(flow.Batch[woo.Order], error) bool) {
				yield(flow.Batch[woo.Order]{Records: marketplace()}, nil)
			}
		}
		var read []woo.ID
		for b, err := range wholeOrders(all)(t.Context(), ec, flow.Filter{Kind: flow.All}, nil) {
			require.NoError(t, err)
			for _, o := range b.Records {
				read = append(read, o.ID)
			}
		}
		require.Equal(t, test.read, read, test.setting)
		var held []woo.ID
		for b := range wholeOrders(all)(t.Context(), ec, flow.Filter{Kind: flow.IDs}, nil) {
			require.Len(t, b.Records, 4)
			for _, o := range b.Records {
				if _, _, err := mapTestOrder(ec, orderRecord{Order: o}); err != nil {
					entitytest.RequireRefusal(t, err, fault.Parked, "sub_order")
					held = append(held, o.ID)
				}
			}
		}
		require.Equal(t, test.held, held, test.setting)
	}
}

// TestOrdersThatBelongToOthers: how links say it (U08).
func TestOrdersThatBelongToOthers(t *testing.T) {
	for name, c := range map[string]struct {
		order            orderRecord
		relation, parent string
	}{
		"of its own":               {orderRecord{Order: woo.Order{ID: 5}}, "", ""},
		"one vendor's part":        {orderRecord{Order: woo.Order{ID: 5, ParentID: 4}}, relationPart, "4"},
		"a renewal":                {orderRecord{Order: woo.Order{ID: 5, MetaData: []woo.Meta{field("_subscription_renewal", `"7"`)}}, signup: 3}, relationRenewal, "3"},
		"a renewal of one unknown": {orderRecord{Order: woo.Order{ID: 5, MetaData: []woo.Meta{field("_subscription_renewal", `7`)}}}, relationRenewal, ""},
		"taken up again":           {orderRecord{Order: woo.Order{ID: 5, MetaData: []woo.Meta{field("_subscription_resubscribe", `7`)}}, signup: 5}, relationResubscribe, ""},
		"meta that says no":        {orderRecord{Order: woo.Order{ID: 5, MetaData: []woo.Meta{field("_subscription_switch", `"false"`)}}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			record := describeOrder(c.order)
			require.Equal(t, []string{c.relation, c.parent}, []string{record.Relation, record.Parent})
		})
	}
}
