package woo

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// The keys under which a fulfillment keeps what it is about.
const (
	FulfillmentItems    = "_items" // a list of FulfillmentItem
	FulfillmentNumber   = "_tracking_number"
	FulfillmentURL      = "_tracking_url"
	FulfillmentProvider = "_shipment_provider" // a carrier that WooCommerce knows, or OtherProvider
	FulfillmentCarrier  = "_provider_name"     // the name of another carrier
)

// OtherProvider stands for a carrier that goes by its name.
const OtherProvider = "other"

// Fulfilled is the status of a fulfillment that went out. The other one of WooCommerce itself is a draft.
const Fulfilled = "fulfilled"

// Fulfillment is what was sent of an order at once. WooCommerce has had them since 10.1, where the feature is switched on. An update has
// to name all meta data: what it leaves out is deleted. Neither quantities nor items are checked.
type Fulfillment struct {
	ID          ID     `json:"id"`
	Status      string `json:"status" lax:"true"`
	IsFulfilled Bool   `json:"is_fulfilled"`
	MetaData    []Meta `json:"meta_data"`

	Raw json.RawMessage `json:"-"`
}

func (f *Fulfillment) record() (ID, *json.RawMessage) { return f.ID, &f.Raw }

// FulfillmentItem is how much of a line of the order was sent.
type FulfillmentItem struct {
	Line     ID      `json:"item_id"`
	Quantity Decimal `json:"qty"`
}

// Items gives how much was sent, by line. What cannot be read is left out.
func (f Fulfillment) Items() map[ID]decimal.Decimal {
	quantities := map[ID]decimal.Decimal{}
	field, _ := FindMeta(f.MetaData, FulfillmentItems)
	var items []FulfillmentItem
	if json.Unmarshal(field.Value, &items) != nil {
		return quantities
	}
	for _, item := range items {
		quantities[item.Line] = quantities[item.Line].Add(item.Quantity.Decimal)
	}
	return quantities
}

// Text gives the text of a meta field; "" for none.
func (f Fulfillment) Text(key string) string {
	field, _ := FindMeta(f.MetaData, key)
	text, _ := field.Text()
	return text
}
