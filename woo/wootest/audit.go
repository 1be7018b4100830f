package wootest

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Totals are what a correct import must arrive at for the orders of one currency.
type Totals struct {
	Count    int
	Total    decimal.Decimal         // orders, taxes included
	Tax      decimal.Decimal         // all taxes
	Refunded decimal.Decimal         // refunds
	TaxRates map[int]decimal.Decimal // tax by rate id, shipping tax included
}

// OrderTotals sums the orders an import must land, by currency: everything but trash and drafts.
func (s *Server) OrderTotals() map[string]Totals {
	s.mu.RLock()
	defer s.mu.RUnlock()
	sums := map[string]Totals{}
	for o := range s.orders.records {
		if !importable(string(o.Status)) {
			continue
		}
		t := sums[string(o.Currency)]
		if t.TaxRates == nil {
			t.TaxRates = map[int]decimal.Decimal{}
		}
		t.Count++
		t.Total = t.Total.Add(o.totalNow(s.rules).decimal())
		t.Tax = t.Tax.Add(o.totalTax(s.rules).decimal())
		t.Refunded = t.Refunded.Add(o.refundedAmount().decimal())
		for _, line := range o.taxes {
			t.TaxRates[line.Rate] = t.TaxRates[line.Rate].Add((line.Tax + line.Shipping).decimal())
		}
		sums[string(o.Currency)] = t
	}
	return sums
}

// importable leaves out carts that never became orders, and the trash.
func importable(status string) bool {
	return status != "trash" && status != "checkout-draft" && status != "auto-draft"
}

// OrderStatuses counts the orders an import must land by status.
func (s *Server) OrderStatuses() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	counts := map[string]int{}
	for h := range s.orders.heads {
		if importable(h.status) {
			counts[h.status]++
		}
	}
	return counts
}

// Stock gives the quantity of every product and variation that manages its own stock, by id.
func (s *Server) Stock() map[int]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	stock := map[int]int{}
	for _, records := range []*collection[product]{s.products, s.variations} {
		for p := range records.records {
			if p.ManageStock == stockOn && p.Status != "trash" {
				stock[p.ID] = p.stock()
			}
		}
	}
	return stock
}

// Count says how many records of a kind an import must land. Kinds are named by the last part of their path: products,
// variations, categories, tags, brands, shipping_classes, attributes, terms, taxes, customers, coupons, orders, refunds.
// An unknown kind is a mistake in the test that asks, and panics.
func (s *Server) Count(kind string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch kind {
	case "products":
		return countHeads(s.products)
	case "variations":
		return countHeads(s.variations)
	case "categories", "tags", "brands", "shipping_classes", "terms":
		return s.countTaxonomy(kind)
	case "attributes":
		return countHeads(s.attributes)
	case "taxes":
		return countHeads(s.taxes)
	case "customers":
		return countHeads(s.customers)
	case "coupons":
		return countHeads(s.coupons)
	case "orders":
		return countHeads(s.orders)
	case "refunds":
		return s.countRefunds()
	}
	panic(fmt.Sprintf("wootest: nothing is counted as %q", kind))
}

func countHeads[T any](c *collection[T]) (n int) {
	for h := range c.heads {
		if importable(h.status) {
			n++
		}
	}
	return n
}

// countTaxonomy counts terms; "terms" are the options of all attributes.
func (s *Server) countTaxonomy(kind string) (n int) {
	names := map[string]string{"categories": categories, "tags": tags, "brands": brands, "shipping_classes": shippingClasses}
	fixed := map[string]bool{categories: true, tags: true, brands: true, shippingClasses: true}
	for t := range s.terms.records {
		if t.taxonomy == names[kind] || kind == "terms" && !fixed[t.taxonomy] {
			n++
		}
	}
	return n
}

func (s *Server) countRefunds() (n int) {
	for o := range s.orders.records {
		if importable(string(o.Status)) {
			n += len(o.refunds)
		}
	}
	return n
}
