package wootest

import (
	"fmt"
	"slices"
	"strings"
)

var (
	takesStock = []text{"processing", "completed", "on-hold"}
	givesStock = []text{"cancelled", "pending"}
	paidStatus = []text{"processing", "completed"}
	draftCarts = []text{"auto-draft", "checkout-draft"}
)

// moveStatus does what follows from a change of status: dates, stock, a note, and a refund of all that is left.
func (s *Server) moveStatus(c *call, o *order, was text) {
	isNew := s.orders.get(o.ID) == nil
	if o.Status == was && !isNew {
		return
	}
	if slices.Contains(paidStatus, o.Status) && o.paid == 0 {
		o.paid = c.now
	}
	if o.Status == "completed" && o.CustomerID != 0 {
		c.fire(int(o.CustomerID), "customer.updated") // the account becomes a paying customer
	}
	if o.Status == "completed" && o.completed == 0 {
		o.completed = c.now
	}
	if o.Status != was && !slices.Contains(draftCarts, was) {
		s.addNote(c, o.ID, fmt.Sprintf("Order status changed from %s to %s.", s.statusName(string(was)), s.statusName(string(o.Status))))
	}
	switch {
	case slices.Contains(takesStock, o.Status):
		s.reduceStock(c, o)
		s.countSales(o)
	case slices.Contains(givesStock, o.Status):
		s.restoreStock(c, o)
	}
	if o.Status == "refunded" {
		s.refundRest(c, o)
	}
}

// reduceStock takes what the lines sell off the stock, once.
func (s *Server) reduceStock(c *call, o *order) {
	if o.stockTaken {
		return
	}
	o.stockTaken = true
	var changes []string
	for i := range o.lines {
		l := &o.lines[i]
		if l.reduced != 0 {
			continue
		}
		if change := s.shiftStock(c, l, -l.Quantity); change != "" {
			l.reduced, l.taken = l.Quantity, true
			changes = append(changes, change)
		}
	}
	if len(changes) > 0 {
		s.addNote(c, o.ID, "Stock levels reduced: "+strings.Join(changes, ", "))
	}
}

// countSales adds the lines to the products' total_sales once; their modified dates stay, as in the shop.
func (s *Server) countSales(o *order) {
	if o.counted {
		return
	}
	o.counted = true
	for i := range o.lines {
		if p := s.products.get(o.lines[i].Product); p != nil {
			counted := *p
			counted.sold += o.lines[i].Quantity
			s.putProduct(&counted)
		}
	}
}

// restoreStock gives back what the lines took.
func (s *Server) restoreStock(c *call, o *order) {
	if !o.stockTaken {
		return
	}
	o.stockTaken = false
	var changes []string
	for i := range o.lines {
		l := &o.lines[i]
		if l.reduced == 0 {
			continue
		}
		if change := s.shiftStock(c, l, l.reduced); change != "" {
			changes = append(changes, change)
		}
		l.reduced, l.taken = 0, false
	}
	if len(changes) > 0 {
		s.addNote(c, o.ID, "Stock levels increased: "+strings.Join(changes, ", "))
	}
}

// restockLine gives back the stock of a line about to be removed.
func (s *Server) restockLine(c *call, o *order, id int) {
	for i := range o.lines {
		if l := &o.lines[i]; l.ID == id && l.reduced != 0 {
			s.shiftStock(c, l, l.reduced)
			l.reduced = 0
		}
	}
}

// adjustStock takes or gives back what a change of the line's quantity makes a difference of.
func (s *Server) adjustStock(c *call, l *orderLine) {
	if more := l.Quantity - l.reduced - l.restocked; more != 0 && s.shiftStock(c, l, -more) != "" {
		l.reduced += more
	}
}

func (s *Server) soldProduct(l *orderLine) *product {
	if l.Variation != 0 {
		return s.variations.get(l.Variation)
	}
	return s.products.get(l.Product)
}

// shiftStock changes the stock of the line's product and says so for a note; "" when its stock is not managed, or has no quantity.
func (s *Server) shiftStock(c *call, l *orderLine, by int) string {
	p := s.soldProduct(l)
	if p == nil {
		return ""
	}
	source := s.stockSource(p)
	if source.ManageStock != stockOn || source.Stock == nil { // of no quantity, SQL takes nothing
		return ""
	}
	changed := *source
	before := changed.stock()
	after := integer(before + by)
	changed.Stock, changed.modified = &after, c.now
	s.putProduct(&changed)
	s.touchParent(c, &changed)
	c.fire(changed.ID, "product.updated")
	return fmt.Sprintf("%s (%s) %d&rarr;%d", l.Name, l.SKU, before, after)
}
