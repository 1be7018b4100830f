package entitytest

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// Amount reads a decimal of a test table.
func Amount(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// Some makes a present number of the store.
func Some(text string) woo.Decimal { return woo.NewDecimal(Amount(text)) }

// Key is a key of the demo instance.
func Key(entity, id string) erp.Key { return erp.Key{Instance: "demo", Entity: entity, ID: id} }

// SomeTime is a moment for tests that need just any.
var SomeTime = woo.NewTime(time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC))

// Meta makes a field of meta data of its JSON.
func Meta(key, raw string) woo.Meta { return woo.Meta{Key: key, Value: json.RawMessage(raw)} }

// Managed is a simple product with a stock figure.
func Managed(id woo.ID) mapping.Product {
	return mapping.Product{Product: woo.Product{
		ID: id, Name: "P", Type: "simple", Status: "publish", ManageStock: true, StockQuantity: Some("7"),
	}}
}
