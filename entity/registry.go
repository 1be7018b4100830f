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
	"tandem/entity/tax"
	"tandem/fault"
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

// List gives all entities, each after those it needs.
func List() []mapping.Entity { return slices.Clone(registry) }

// Get gives the entity of that name, or fault.Invalid naming the ones there are.
func Get(name string) (mapping.Entity, error) {
	for _, e := range registry {
		if e.Name() == name {
			return e, nil
		}
	}
	return nil, fault.Field("entity", "there is no entity %q: there are %s", name, strings.Join(names(), ", "))
}

func names() []string {
	list := make([]string, len(registry))
	for i, e := range registry {
		list[i] = e.Name()
	}
	return list
}

// Plan arranges entities in levels: those of one level are independent of each other and may run at the same time, once
// the levels before are done. Names may repeat. It answers fault.Invalid for an unknown one.
func Plan(names []string) ([][]string, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		if _, err := Get(name); err != nil {
			return nil, err
		}
		wanted[name] = true
	}
	level := map[string]int{}
	var plan [][]string
	for _, e := range registry {
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

// Needs gives for each entity those of the named ones that must have been imported well before it.
func Needs(named []string) map[string][]string {
	needs := map[string][]string{}
	for _, e := range registry {
		if !slices.Contains(named, e.Name()) {
			continue
		}
		for _, before := range e.After() {
			if b, err := Get(before); err == nil && !b.Optional() && slices.Contains(named, before) {
				needs[e.Name()] = append(needs[e.Name()], before)
			}
		}
	}
	return needs
}
