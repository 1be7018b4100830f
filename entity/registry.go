// Package entity lists what can be synced and checks what an instance asks of it. The mappings stand below it by area; nothing above
// names an entity.
package entity

import (
	"slices"
	"strings"

	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/entity/sales"
	"tandem/entity/stock"
	"tandem/entity/tax"
	"tandem/fault"
	"tandem/flow"
)

// registry lists the entities in an order that respects their dependencies. A new kind of record is one mapping file and one line
// here.
var registry = []mapping.Entity{
	tax.Classes,
	tax.Rates,
	catalog.Categories,
	catalog.Tags,
	catalog.Brands,
	catalog.Attributes,
	catalog.ShippingClasses,
	sales.PaymentGateways,
	sales.ShippingZones,
	catalog.Products,
	partner.Customers,
	catalog.Coupons,
	sales.Orders,
	sales.Refunds,
}

// exports lists what can be exported, with the setting that allows it, in an order that respects the dependencies. Another one is one
// more function in its mapping file and one line here.
var exports = []export{
	{catalog.CategoryExport, termExports},
	{catalog.TagExport, termExports},
	{catalog.BrandExport, termExports},
	{catalog.AttributeExport, termExports},
	{catalog.ShippingClassExport, termExports},
	{catalog.ProductExport, productExports},
	{partner.CustomerExport, customerExports},
	{catalog.CouponExport, couponExports},
	{sales.OrderExport, orderExports},
	{sales.RefundExport, refundExports},
	{sales.OrderStatuses, statusUpdates},
	{sales.Shipments, trackingExports},
	{stock.Pushes, stockPushes},
}

// matchers lists what both sides may have already, and be tied together by hand or by rule.
var matchers = []mapping.Matcher{
	catalog.CategoryMatch,
	catalog.TagMatch,
	catalog.BrandMatch,
	catalog.AttributeMatch,
	catalog.ShippingClassMatch,
	catalog.ProductMatch,
	partner.CustomerMatch,
	catalog.CouponMatch,
}

// export is an entity on its way into the store.
type export struct {
	mapping.Entity
	exportSwitch
}

// Watched gives the kinds of records whose changes in the ERP are told, whether or not they are exported.
func Watched() []mapping.Watched {
	var list []mapping.Watched
	for _, e := range exports {
		if watched, ok := e.Entity.(mapping.Watched); ok {
			list = append(list, watched)
		}
	}
	return list
}

// Planner gives the export or import of an entity that can say what it would write; fault.Invalid for one that cannot.
func Planner(d flow.Direction, name string) (mapping.Planner, error) {
	e, err := Get(d, name)
	if err != nil {
		return nil, err
	}
	if planner, ok := e.(mapping.Planner); ok {
		return planner, nil
	}
	return nil, fault.Field("entity", "what would be written of %s cannot be planned", name)
}

// List gives all entities that go in a direction, each after those it needs.
func List(d flow.Direction) []mapping.Entity {
	var list []mapping.Entity
	switch d {
	case flow.Export:
		for _, e := range exports {
			list = append(list, e.Entity)
		}
	case flow.Match:
		for _, m := range matchers {
			list = append(list, m.MatchFlow())
		}
	case flow.Link:
		for _, m := range matchers {
			list = append(list, m.PairFlow())
		}
	default:
		list = slices.Clone(registry)
	}
	return list
}

// Known gives what goes in one of the directions, as it is imported where it is.
func Known() []mapping.Entity {
	known := List(flow.Import)
	for _, e := range exports {
		if !slices.Contains(Names(flow.Import), e.Name()) {
			known = append(known, e.Entity)
		}
	}
	return known
}

// Get gives the entity of that name in a direction, or fault.Invalid naming the ones there are.
func Get(d flow.Direction, name string) (mapping.Entity, error) {
	for _, e := range List(d) {
		if e.Name() == name {
			return e, nil
		}
	}
	if done := cannot[d]; done != "" && slices.Contains(Names(flow.Import), name) {
		return nil, fault.Field("entity", "%s cannot be %s: there are %s", name, done, strings.Join(Names(d), ", "))
	}
	return nil, fault.Field("entity", "there is no entity %q: there are %s", name, strings.Join(Names(d), ", "))
}

// cannot says what cannot be done with entities that do not go in a direction.
var cannot = map[flow.Direction]string{flow.Export: "exported", flow.Match: "matched", flow.Link: "linked"}

// Names gives the names of the entities that go in a direction.
func Names(d flow.Direction) []string {
	var list []string
	for _, e := range List(d) {
		list = append(list, e.Name())
	}
	return list
}

// Plan arranges entities in levels: those of one level are independent of each other and may run at the same time, once
// the levels before are done. Names may repeat. It answers fault.Invalid for an unknown one.
func Plan(d flow.Direction, names []string) ([][]string, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		if _, err := Get(d, name); err != nil {
			return nil, err
		}
		wanted[name] = true
	}
	level := map[string]int{}
	var plan [][]string
	for _, e := range List(d) {
		for _, before := range e.After() {
			level[e.Name()] = max(level[e.Name()], level[before]+1)
		}
		if !wanted[e.Name()] {
			continue
		}
		for len(plan) <= level[e.Name()] {
			plan = append(plan, nil)
		}
		plan[level[e.Name()]] = append(plan[level[e.Name()]], e.Name())
	}
	return slices.DeleteFunc(plan, func(l []string) bool { return len(l) == 0 }), nil
}

// Needs gives for each entity those of the named ones that must have been landed well before it.
func Needs(d flow.Direction, named []string) map[string][]string {
	needs := map[string][]string{}
	for _, e := range List(d) {
		if !slices.Contains(named, e.Name()) {
			continue
		}
		for _, before := range e.After() {
			if b, err := Get(d, before); err == nil && !b.Optional() && slices.Contains(named, before) {
				needs[e.Name()] = append(needs[e.Name()], before)
			}
		}
	}
	return needs
}
