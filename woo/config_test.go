package woo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOrdersAreReadAsExactlyAsTheStoreCalculates(t *testing.T) {
	for prices, want := range map[int]int{0: 6, 2: 6, 3: 6, 4: 6, 5: 7, 8: 10, 15: 10} {
		require.Equal(t, want, Config{PriceDecimals: prices}.orderDecimals(), prices)
	}
}
