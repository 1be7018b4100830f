package woo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"tandem/fault"
)

// SubscriptionOrders gives, by the numbers of subscriptions, the orders that they began with: up to a hundred with one request. Those
// that began with none are left out, and so are all when the store does not have the plugin WooCommerce Subscriptions any more, or does
// not show them.
func (c *Client) SubscriptionOrders(ctx context.Context, ids []ID) (map[ID]ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	query := url.Values{"include": {joinIDs(ids)}, "per_page": {strconv.Itoa(MaxPerPage)}, "status": {"any"}, "_fields": {"id,parent_id"}}
	r, err := newCall(http.MethodGet, c.resource("subscriptions"), query, nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.do(ctx, r)
	switch ReasonOf(err) {
	case NotFound, Unsupported, Forbidden, Invalid:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []struct {
		ID     ID `json:"id"`
		Parent ID `json:"parent_id"`
	}
	if err := json.Unmarshal(answer.value, &found); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the store's list of subscriptions cannot be read")
	}
	orders := map[ID]ID{}
	for _, s := range found {
		if s.Parent != 0 {
			orders[s.ID] = s.Parent
		}
	}
	return orders, nil
}
