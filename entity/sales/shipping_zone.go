package sales

import (
	"context"
	"encoding/json"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const shippingZoneName = "shipping_zone"

// shippingMethodName names the ways to ship in keys. They land along with their zone.
const shippingMethodName = "shipping_method"

// zoneRecord is a shipping zone with the ways to ship inside it.
type zoneRecord struct {
	woo.ShippingZone
	methods []woo.ShippingZoneMethod
}

// ShippingZones is the import of shipping zones with the ways to ship in each.
var ShippingZones = mapping.ImportingTerms(mapping.Import[zoneRecord, erp.Term]{
	Spec: flow.Spec{
		Entity: shippingZoneName, Label: "Shipping zones and methods", Dispensable: true,
		ValidID: func(id string) bool { return id == "0" || flow.IsNumber(id) }, // zone 0 is the rest of the world
	},
	Read: mapping.Enrich(mapping.OrNone(mapping.Directory(
		func(c *woo.Client) *woo.Directory[woo.ShippingZone] { return c.ShippingZones },
		func(z woo.ShippingZone) string { return z.ID.String() },
	)), func(z woo.ShippingZone) (woo.ID, json.RawMessage) { return z.ID, z.Raw }, loadZone),
	Describe: describeZone,
	Convert:  mapShippingZone,
})

// describeZone keeps only the fields we know of its methods: their settings may hold the keys of a carrier, which must
// not be stored.
func describeZone(z zoneRecord) flow.Record {
	var methods []json.RawMessage
	for _, method := range z.methods {
		if raw, err := json.Marshal(method); err == nil {
			methods = append(methods, raw)
		}
	}
	return flow.Record{ID: z.ID.String(), Raw: mapping.WithRaw(z.Raw, "_methods", methods), Label: mapping.Label(z.Name)}
}

func loadZone(ctx context.Context, ec mapping.Context, z woo.ShippingZone) (zoneRecord, error) {
	methods, err := ec.Store.ShippingZoneMethods.Of(z.ID).List(ctx)
	if mapping.IsNotOffered(err) {
		methods, err = nil, nil
	}
	return zoneRecord{ShippingZone: z, methods: methods}, err
}

// mapShippingZone maps a zone with its methods as values. A method is known by its instance id, which shipping lines of
// orders carry; its code is the kind of shipping.
func mapShippingZone(ec mapping.Context, z zoneRecord) (erp.Term, error) {
	term := erp.Term{
		Key: mapping.KeyOf(ec, shippingZoneName, z.ID), Kind: erp.ShippingZone,
		Name: mapping.Plain(z.Name), Code: z.ID.String(), Position: int(mapping.InRange(z.Order)), Active: true,
	}
	for _, m := range z.methods {
		term.Values = append(term.Values, erp.Term{
			Key: mapping.KeyOf(ec, shippingMethodName, m.InstanceID), Kind: erp.ShippingMethod,
			Name: mapping.Plain(m.Title), Code: m.MethodID, Position: int(mapping.InRange(m.Order)), Active: bool(m.Enabled),
			Extra: map[string]string{"kind": mapping.Plain(m.MethodTitle)},
		})
	}
	return term, nil
}
