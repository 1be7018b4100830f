package woo

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// MaxPerPage is the most records WooCommerce gives at once.
const MaxPerPage = 100

// ListOptions narrow a list. Zero fields do not. Which of them a resource knows is the store's business: it ignores the others.
type ListOptions struct {
	tries int // of the request; 0 as the client is configured

	Page    int // from 1
	PerPage int // up to MaxPerPage; 0 is the store's default of 10
	Offset  int
	Search  string
	Order   string // asc or desc
	OrderBy string // date, id, include, title, slug or modified
	Include []ID
	Exclude []ID
	// The dates are exclusive, have one second's resolution and may be in any zone. Customers and terms cannot be filtered by date.
	After, Before                 time.Time // created
	ModifiedAfter, ModifiedBefore time.Time
	Status                        []string // orders; products take one
	Role                          string   // customers; "all" when empty
	SKU                           []string // products; finds variations too
	Fields                        []string // only these fields in the reply
	Params                        url.Values
}

func (o ListOptions) values() url.Values {
	v := url.Values{}
	setInt(v, "page", o.Page)
	setInt(v, "per_page", o.PerPage)
	setInt(v, "offset", o.Offset)
	setText(v, "search", o.Search)
	setText(v, "order", o.Order)
	setText(v, "orderby", o.OrderBy)
	setText(v, "include", joinIDs(o.Include))
	setText(v, "exclude", joinIDs(o.Exclude))
	setTime(v, "after", o.After)
	setTime(v, "before", o.Before)
	setTime(v, "modified_after", o.ModifiedAfter)
	setTime(v, "modified_before", o.ModifiedBefore)
	setText(v, "status", strings.Join(o.Status, ","))
	setText(v, "role", o.Role)
	setText(v, "sku", strings.Join(o.SKU, ","))
	setText(v, "_fields", strings.Join(o.Fields, ","))
	for name, list := range o.Params {
		v[name] = list
	}
	return v
}

func setInt(v url.Values, name string, n int) {
	if n != 0 {
		v.Set(name, strconv.Itoa(n))
	}
}

func setText(v url.Values, name, text string) {
	if text != "" {
		v.Set(name, text)
	}
}

func setTime(v url.Values, name string, t time.Time) {
	if !t.IsZero() {
		v.Set(name, t.UTC().Format(timeLayout))
	}
}

func joinIDs(ids []ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}
