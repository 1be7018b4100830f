package entity

import (
	"context"
	"encoding/json"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// zoneRecord is a shipping zone with the ways to ship inside it.
type zoneRecord struct {
	woo.ShippingZone
	methods []woo.ShippingZoneMethod
}

var shippingZone = importingTerms(spec[zoneRecord, erp.Term]{
	Spec: flow.Spec{
		Entity: shippingZoneName, Label: "Shipping zones and methods", Dispensable: true,
		ValidID: func(id string) bool { return id == "0" || flow.IsNumber(id) }, // zone 0 is the rest of the world
	},
	read: enrich(orNone(directory(
		func(c *woo.Client) *woo.Directory[woo.ShippingZone] { return c.ShippingZones },
		func(z woo.ShippingZone) string { return z.ID.String() },
	)), func(z woo.ShippingZone) (woo.ID, json.RawMessage) { return z.ID, z.Raw }, loadZone),
	describe: describeZone,
	convert:  mapShippingZone,
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
	return flow.Record{ID: z.ID.String(), Raw: withRaw(z.Raw, "_methods", methods)}
}

func loadZone(ctx context.Context, ec Context, z woo.ShippingZone) (zoneRecord, error) {
	methods, err := ec.Store.ShippingZoneMethods.Of(z.ID).List(ctx)
	if isNotOffered(err) {
		methods, err = nil, nil
	}
	return zoneRecord{ShippingZone: z, methods: methods}, err
}

// mapShippingZone maps a zone with its methods as values. A method is known by its instance id, which shipping lines of
// orders carry; its code is the kind of shipping.
func mapShippingZone(ec Context, z zoneRecord) (erp.Term, error) {
	term := erp.Term{
		Key: keyOf(ec, shippingZoneName, z.ID), Kind: erp.ShippingZone,
		Name: plain(z.Name), Code: z.ID.String(), Position: int(inRange(z.Order)), Active: true,
	}
	for _, m := range z.methods {
		term.Values = append(term.Values, erp.Term{
			Key: keyOf(ec, shippingMethodName, m.InstanceID), Kind: erp.ShippingMethod,
			Name: plain(m.Title), Code: m.MethodID, Position: int(inRange(m.Order)), Active: bool(m.Enabled),
			Extra: map[string]string{"kind": plain(m.MethodTitle)},
		})
	}
	return term, nil
}
