package sales

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// Orders of subscriptions are orders of their own: each renewal is another sale. What is added is to which subscription, and to which
// order that began it, they belong.

// How an order belongs to another, as links say it.
const (
	relationRenewal     = "subscription_renewal"
	relationResubscribe = "subscription_resubscribe"
	relationSwitch      = "subscription_switch"
	relationPart        = "part" // one vendor's, of an order that a marketplace split
)

// subscriptionFields are the meta fields by which WooCommerce Subscriptions ties orders to the subscription that they are for.
var subscriptionFields = []struct{ field, relation, title string }{
	{"_subscription_renewal", relationRenewal, "Renewal of subscription "},
	{"_subscription_resubscribe", relationResubscribe, "Taken up again: subscription "},
	{"_subscription_switch", relationSwitch, "Switch of subscription "},
}

// membership is to which subscription an order belongs; the zero value to none.
type membership struct {
	relation     string
	title        string
	subscription woo.ID
}

// membershipOf reads to which subscription an order belongs. Plugins that write "false" into the field mean none.
func membershipOf(o woo.Order) membership {
	for _, f := range subscriptionFields {
		for _, id := range mapping.IdsAfter([]string{metaText(o.MetaData, f.field)}, 0) {
			return membership{f.relation, f.title + id.String(), id}
		}
	}
	return membership{}
}

// withSignups finds the orders with which the subscriptions of a batch began: one request for a hundred of them.
func withSignups(read flow.Source[mapping.Context, orderRecord]) flow.Source[mapping.Context, orderRecord] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec mapping.Context, _ flow.Filter, b flow.Batch[orderRecord]) (flow.Batch[orderRecord], error) {
		var ids []woo.ID
		for _, o := range b.Records {
			if m := membershipOf(o.Order); m.subscription != 0 && !slices.Contains(ids, m.subscription) {
				ids = append(ids, m.subscription)
			}
		}
		for part := range slices.Chunk(ids, woo.MaxPerPage) {
			orders, err := ec.Store.SubscriptionOrders(ctx, part)
			if err != nil {
				return b, err
			}
			for i := range b.Records {
				if order := orders[membershipOf(b.Records[i].Order).subscription]; order != 0 {
					b.Records[i].signup = order
				}
			}
		}
		return b, nil
	})
}

// relationOf says to which other order one belongs, and how; the other is 0 when the store does not say.
func relationOf(o orderRecord) (relation string, parent woo.ID) {
	if m := membershipOf(o.Order); m.subscription != 0 {
		if o.signup == o.ID {
			return m.relation, 0
		}
		return m.relation, o.signup
	}
	if o.ParentID != 0 {
		return relationPart, o.ParentID
	}
	return "", 0
}

// subscriptionNotes keeps on an order to which subscription it belongs.
func subscriptionNotes(o orderRecord) []erp.Note {
	m := membershipOf(o.Order)
	if m.subscription == 0 {
		return nil
	}
	text := m.title
	if _, parent := relationOf(o); parent != 0 {
		text += ", begun with order " + parent.String()
	}
	return []erp.Note{{ID: "subscription", At: orderDate(o.Order), Text: text}}
}
