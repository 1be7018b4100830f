package entity

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/instance"
)

func TestERPInfo(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 7200))
	found := erp.Info{Name: "Odoo", Version: "19.0", Company: "Acme", Rounding: erp.RoundLines, Warnings: []string{"first"}}
	for name, c := range map[string]struct {
		store    instance.StoreInfo
		warnings int
	}{
		"the same":      {instance.StoreInfo{Currency: "EUR"}, 1},
		"another":       {instance.StoreInfo{Currency: "EUR", RoundAtSubtotal: true}, 2},
		"not asked yet": {instance.StoreInfo{}, 1},
	} {
		info := ERPInfo(found, c.store, at)
		require.Len(t, info.Warnings, c.warnings, name)
		info.Warnings = nil
		require.Equal(t, instance.ERPInfo{Name: "Odoo", Version: "19.0", Company: "Acme", CheckedAt: at.UTC()}, info)
	}
}
