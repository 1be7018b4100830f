package stock

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatAnOpeningIsKeptAs(t *testing.T) {
	none, err := Opening{Origin: "W-1 x"}.Encode()
	require.NoError(t, err)
	require.Empty(t, none, "nothing to put on hand")
	kept, err := Opening{Origin: "W-1 x", Goods: []LeftOut{{Product: 31, Quantity: dec("2")}}}.Encode()
	require.NoError(t, err)
	require.JSONEq(t, `{"Origin":"W-1 x","Goods":[{"Product":31,"Quantity":"2","Counted":"0001-01-01T00:00:00Z"}]}`, kept)
}
