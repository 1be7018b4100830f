package entity

import (
	"context"
	"strconv"
	"strings"

	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/entity/sales"
	"tandem/woo"
)

// StoreRecord is a record that a store has and Tandem has not read, and why that is.
type StoreRecord = mapping.StoreRecord

// FindInStore asks the store for what a person calls a record: a number is an order's id or else a SKU, what holds an @ an account's
// e-mail address, and anything else a SKU. It asks no ERP.
func FindInStore(ctx context.Context, ec mapping.Context, text string) ([]StoreRecord, error) {
	number := OrderNumber(ec.Instance.Config.Order.Prefix, text)
	if id, err := strconv.ParseUint(number, 10, 63); err == nil {
		found, err := sales.FindOrder(ctx, ec, woo.ID(id)) //nolint:gosec // of 63 bits
		if err != nil || len(found) > 0 || number != text {
			return found, err
		}
	}
	if strings.Contains(text, "@") {
		return partner.FindCustomers(ctx, ec, text)
	}
	return catalog.FindProducts(ctx, ec, text)
}

// OrderNumber gives the store's number of an order from what people write: with a #, or with the prefix that it has in the ERP.
func OrderNumber(prefix, text string) string {
	text = strings.TrimPrefix(text, "#")
	if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return text[len(prefix):]
	}
	return text
}
