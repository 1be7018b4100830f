package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/woo"
)

func TestMapRecordedGateways(t *testing.T) {
	for i, raw := range entitytest.RecordedList(t, "payment_gateways") {
		g, err := woo.Decode[woo.PaymentGateway](raw)
		require.NoError(t, err)
		term, err := mapPaymentGateway(entitytest.Demo(), g)
		require.NoError(t, err)
		require.Equal(t, entitytest.Key("payment_gateway", g.ID), term.Key)
		require.Equal(t, bool(g.Enabled), term.Active)
		if i == 0 {
			require.Equal(t, "Direct bank transfer", term.Name)
			require.Equal(t, map[string]string{"title": "Direct bank transfer"}, term.Extra)
		}
	}
}
