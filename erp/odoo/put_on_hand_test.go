package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatAnOpeningIsKeptAs(t *testing.T) {
	none, err := opening{Origin: "W-1 x"}.encode()
	require.NoError(t, err)
	require.Empty(t, none, "nothing to put on hand")
	kept, err := opening{Origin: "W-1 x", Goods: []leftOut{{Product: 31, Quantity: dec("2")}}}.encode()
	require.NoError(t, err)
	require.JSONEq(t, `{"Origin":"W-1 x","Goods":[{"Product":31,"Quantity":"2","Counted":"0001-01-01T00:00:00Z"}]}`, kept)
}
