package woo

import "encoding/json"

// PaymentGateway is a way to pay. Its settings may hold secrets of the payment provider: they are not read, and Raw must not be stored
// or logged without them being taken out.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#payment-gateway-properties
type PaymentGateway struct {
	ID                string   `json:"id"` // what orders carry as payment_method
	Title             string   `json:"title"`
	Description       string   `json:"description"`
	Order             Int      `json:"order"`
	Enabled           Bool     `json:"enabled"`
	MethodTitle       string   `json:"method_title"`
	MethodDescription string   `json:"method_description" lax:"true"`
	MethodSupports    []string `json:"method_supports" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

func (g *PaymentGateway) record() (ID, *json.RawMessage) { return 0, &g.Raw }
