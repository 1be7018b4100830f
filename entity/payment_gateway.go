package entity

import (
	"encoding/json"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var paymentGateway = importingTerms(spec[woo.PaymentGateway, erp.Term]{
	Spec: flow.Spec{Entity: paymentGatewayName, Label: "Payment gateways", Dispensable: true, ValidID: flow.IsName},
	read: orNone(directory(func(c *woo.Client) *woo.Directory[woo.PaymentGateway] { return c.PaymentGateways },
		func(g woo.PaymentGateway) string { return g.ID })),
	describe: describeGateway,
	convert:  mapPaymentGateway,
})

// describeGateway keeps only the fields we know of: the settings may hold the keys of a payment provider, which must
// not be stored.
func describeGateway(g woo.PaymentGateway) flow.Record {
	record := flow.Record{ID: g.ID, Status: "disabled"}
	if g.Enabled {
		record.Status = "enabled"
	}
	if raw, err := json.Marshal(g); err == nil {
		record.Raw = raw
	}
	return record
}

func mapPaymentGateway(ec Context, g woo.PaymentGateway) (erp.Term, error) {
	name := plain(g.MethodTitle)
	if name == "" {
		name = plain(g.Title)
	}
	return erp.Term{
		Key: namedKey(ec, paymentGatewayName, g.ID), Kind: erp.PaymentGateway,
		Name: name, Code: g.ID, Description: g.Description,
		Position: int(inRange(g.Order)), Active: bool(g.Enabled), Extra: map[string]string{"title": plain(g.Title)},
	}, nil
}
