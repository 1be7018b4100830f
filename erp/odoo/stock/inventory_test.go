package stock

import (
	"github.com/shopspring/decimal"

	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// inventoryOf makes the inventory of an Odoo of a version that answers calls in some way.
func inventoryOf(calls rpc.Caller, release rpc.Release) *Inventory {
	c := &rpc.Client{Caller: calls, Release: release}
	return New(record.New(c, "", nil), c, nil)
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
