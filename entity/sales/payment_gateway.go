package sales

import (
	"encoding/json"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const paymentGatewayName = "payment_gateway"

// PaymentGateways is the import of payment gateways, by which sale workflows are chosen.
var PaymentGateways = mapping.ImportingTerms(mapping.Import[woo.PaymentGateway, erp.Term]{
	Spec: flow.Spec{Entity: paymentGatewayName, Label: "Payment gateways", Dispensable: true, ValidID: flow.IsName},
	Read: mapping.OrNone(mapping.Directory(func(c *woo.Client) *woo.Directory[woo.PaymentGateway] { return c.PaymentGateways },
		func(g woo.PaymentGateway) string { return g.ID })),
	Describe: describeGateway,
	Convert:  mapPaymentGateway,
})

// describeGateway keeps only the fields we know of: the settings may hold the keys of a payment provider, which must
// not be stored.
func describeGateway(g woo.PaymentGateway) flow.Record {
	record := flow.Record{ID: g.ID, Status: "disabled", Label: mapping.Label(gatewayTitle(g))}
	if g.Enabled {
		record.Status = "enabled"
	}
	if raw, err := json.Marshal(g); err == nil {
		record.Raw = raw
	}
	return record
}

func gatewayTitle(g woo.PaymentGateway) string {
	if name := mapping.Plain(g.MethodTitle); name != "" {
		return name
	}
	return mapping.Plain(g.Title)
}

func mapPaymentGateway(ec mapping.Context, g woo.PaymentGateway) (erp.Term, error) {
	return erp.Term{
		Key: mapping.NamedKey(ec, paymentGatewayName, g.ID), Kind: erp.PaymentGateway,
		Name: gatewayTitle(g), Code: g.ID, Description: g.Description,
		Position: int(mapping.InRange(g.Order)), Active: bool(g.Enabled), Extra: map[string]string{"title": mapping.Plain(g.Title)},
	}, nil
}
