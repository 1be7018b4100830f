package sales

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/woo"
)

func TestSettingsOfPluginsAreNotKept(t *testing.T) {
	g, err := woo.Decode[woo.PaymentGateway]([]byte(`{"id":"card","title":"Card","enabled":true,"settings":{"key":{"value":"sk_live_1"}}}`))
	require.NoError(t, err)
	record := describeGateway(g)
	require.NotContains(t, string(record.Raw), "sk_live_1")
	require.Equal(t, "enabled", record.Status)

	m, err := woo.Decode[woo.ShippingZoneMethod]([]byte(`{"instance_id":4,"title":"Parcel","settings":{"key":{"value":"sk_live_2"}}}`))
	require.NoError(t, err)
	zone := describeZone(zoneRecord{ShippingZone: woo.ShippingZone{ID: 1, Raw: json.RawMessage(`{"id":1}`)}, methods: []woo.ShippingZoneMethod{m}})
	require.NotContains(t, string(zone.Raw), "sk_live_2")
	require.Contains(t, string(zone.Raw), `"title":"Parcel"`)
}

func TestMapShippingZone(t *testing.T) {
	z, err := woo.Decode[woo.ShippingZone](entitytest.RecordedList(t, "shipping_zones")[0])
	require.NoError(t, err)
	term, err := mapShippingZone(entitytest.Demo(), zoneRecord{ShippingZone: z, methods: []woo.ShippingZoneMethod{
		{InstanceID: 4, Title: "Parcel", MethodID: "flat_rate", MethodTitle: "Flat rate", Order: 2, Enabled: true},
	}})
	require.NoError(t, err)
	require.Equal(t, entitytest.Key("shipping_zone", "0"), term.Key)
	require.Equal(t, []erp.Term{{
		Key: entitytest.Key("shipping_method", "4"), Kind: erp.ShippingMethod, Name: "Parcel", Code: "flat_rate", Position: 2, Active: true,
		Extra: map[string]string{"kind": "Flat rate"},
	}}, term.Values)
}
