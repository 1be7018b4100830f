package woo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"tandem/fault"
)

// newestOrders is how many of the newest orders say what a store's orders are like: one page.
const newestOrders = "100"

// OrderTraits is what the newest orders of a store say about those to come.
type OrderTraits struct {
	Currencies []string // in alphabetical order
	SubOrders  bool     // some are parts of others, as marketplaces split orders into one per vendor
}

// OrderTraits reads them with one request that asks for nothing else of the orders.
func (c *Client) OrderTraits(ctx context.Context) (OrderTraits, error) {
	r, err := newCall(http.MethodGet, c.resource("orders"), url.Values{"per_page": {newestOrders}, "_fields": {"currency,parent_id,created_via"}}, nil)
	if err != nil {
		return OrderTraits{}, err
	}
	answer, err := c.do(ctx, r)
	if err != nil {
		return OrderTraits{}, err
	}
	var orders []struct {
		Currency string          `json:"currency"`
		ParentID json.RawMessage `json:"parent_id"`
		Via      string          `json:"created_via"`
	}
	if err := json.Unmarshal(answer.value, &orders); err != nil {
		return OrderTraits{}, fault.Wrap(fault.Unavailable, err, "the store's list of orders cannot be read")
	}
	var traits OrderTraits
	for _, o := range orders {
		if o.Currency != "" && !slices.Contains(traits.Currencies, o.Currency) {
			traits.Currencies = append(traits.Currencies, o.Currency)
		}
		var parent ID
		if json.Unmarshal(o.ParentID, &parent) == nil && parent != 0 && o.Via != CreatedByDeposits {
			traits.SubOrders = true
		}
	}
	slices.Sort(traits.Currencies)
	return traits, nil
}
