package woo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"tandem/fault"
)

// newestOrders is how many of the newest orders say which currencies are in use: one page.
const newestOrders = "100"

// OrderCurrencies lists the currencies of the newest orders in alphabetical order, with one request that reads nothing else
// of them.
func (c *Client) OrderCurrencies(ctx context.Context) ([]string, error) {
	r, err := newCall(http.MethodGet, c.resource("orders"), url.Values{"per_page": {newestOrders}, "_fields": {"currency"}}, nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var orders []struct {
		Currency string `json:"currency"`
	}
	if err := json.Unmarshal(answer.value, &orders); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the store's list of orders cannot be read")
	}
	var codes []string
	for _, o := range orders {
		if o.Currency != "" && !slices.Contains(codes, o.Currency) {
			codes = append(codes, o.Currency)
		}
	}
	slices.Sort(codes)
	return codes, nil
}
