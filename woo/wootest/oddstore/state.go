// Package oddstore is a store that answers with records exactly as they are given, however odd: what plugins, old databases
// and hosts make of a store, and what a sound one, such as wootest's, would never send. It reads only.
package oddstore

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// State is all that a store has. The names are those of the lists in the API; records are any JSON.
type State struct {
	Products   []json.RawMessage            `json:"products"`
	Variations map[string][]json.RawMessage `json:"variations"` // by the product's id
	Orders     []json.RawMessage            `json:"orders"`
	Customers  []json.RawMessage            `json:"customers"`
	Coupons    []json.RawMessage            `json:"coupons"`
	Taxes      []json.RawMessage            `json:"taxes"`
	TaxClasses []json.RawMessage            `json:"tax_classes"`
	Categories []json.RawMessage            `json:"categories"`
	Tags       []json.RawMessage            `json:"tags"`
	Brands     []json.RawMessage            `json:"brands"`
	Attributes []json.RawMessage            `json:"attributes"`
	Terms      map[string][]json.RawMessage `json:"terms"` // by the attribute's id
	Classes    []json.RawMessage            `json:"shipping_classes"`
	Gateways   []json.RawMessage            `json:"gateways"`
	Zones      []json.RawMessage            `json:"zones"`
	Methods    map[string][]json.RawMessage `json:"zone_methods"` // by the zone's id
	// Subscriptions are those of a plugin, without which the store has no such list.
	Subscriptions []json.RawMessage `json:"subscriptions"`

	// Settings replace those of a plain shop in euros.
	Settings map[string]string `json:"settings"`
	// Overrides answer a path below /wc/v3/ with a fixed reply.
	Overrides map[string]Reply `json:"overrides"`
	// Bad records make every page they are on answer 500, by list.
	Bad map[string][]int64 `json:"bad"`
	// BadBody is what those pages say.
	BadBody string `json:"bad_body"`
	// IgnoreQuery and IgnoreOffset name lists that answer as if they were asked without the whole query, or without an offset.
	IgnoreQuery  []string `json:"ignore_query"`
	IgnoreOffset []string `json:"ignore_offset"`
	// MaxPage is the largest page a list can give without answering 500.
	MaxPage map[string]int `json:"max_page"`
}

// Reply is a fixed reply. A text is sent as it is, anything else as JSON.
type Reply struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

func (r Reply) bytes() []byte {
	var text string
	if json.Unmarshal(r.Body, &text) == nil {
		return []byte(text)
	}
	return r.Body
}

// Merge adds the records of another state and takes over its switches: a store gone odd later.
func (s State) Merge(odd State) State {
	merged := odd
	for _, list := range []struct{ to, base *[]json.RawMessage }{
		{&merged.Products, &s.Products}, {&merged.Orders, &s.Orders}, {&merged.Customers, &s.Customers}, {&merged.Coupons, &s.Coupons},
		{&merged.Taxes, &s.Taxes}, {&merged.TaxClasses, &s.TaxClasses}, {&merged.Categories, &s.Categories}, {&merged.Tags, &s.Tags},
		{&merged.Brands, &s.Brands}, {&merged.Attributes, &s.Attributes}, {&merged.Classes, &s.Classes},
		{&merged.Gateways, &s.Gateways}, {&merged.Zones, &s.Zones},
	} {
		*list.to = without(*list.base, *list.to)
	}
	if merged.Settings == nil {
		merged.Settings = s.Settings
	}
	return merged
}

// without puts odd records beside those of the base that have other ids.
func without(base, odd []json.RawMessage) []json.RawMessage {
	out := slices.Clone(odd)
	for _, raw := range base {
		if !slices.ContainsFunc(odd, func(o json.RawMessage) bool { return fieldsOf(o).ID == fieldsOf(raw).ID }) {
			out = append(out, raw)
		}
	}
	return out
}

// fields are what lists filter and sort by.
type fields struct {
	ID       any    `json:"id"`
	Parent   int64  `json:"parent_id"`
	Status   string `json:"status"`
	Created  string `json:"date_created_gmt"`
	Modified string `json:"date_modified_gmt"`
}

func (f fields) number() int64 {
	switch id := f.ID.(type) {
	case json.Number:
		n, _ := id.Int64()
		return n
	case string:
		n, _ := strconv.ParseInt(strings.TrimSpace(id), 10, 64)
		return n
	}
	return 0
}

// fieldsOf reads what it can: a field of another shape than expected is left empty.
func fieldsOf(raw json.RawMessage) fields {
	var object map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	_ = dec.Decode(&object)
	text := func(name string) string {
		s, _ := object[name].(string)
		return s
	}
	parent, _ := object["parent_id"].(json.Number)
	above, _ := parent.Int64()
	return fields{ID: object["id"], Parent: above, Status: text("status"), Created: text("date_created_gmt"), Modified: text("date_modified_gmt")}
}
