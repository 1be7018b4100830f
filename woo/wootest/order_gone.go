package wootest

import "strconv"

// What an order shows of records that were deleted after it was placed.

// soldRecord is what a line names today.
type soldRecord struct {
	product, variation int
	sku                string
}

// soldNow gives what is left of what the line sold: all of it, also from the trash; for a deleted variation the parent
// with the parent's code; for a deleted product nothing.
func (s *Server) soldNow(l *orderLine) soldRecord {
	switch {
	case l.Product == 0 || !s.products.has(l.Product):
		return soldRecord{}
	case l.Variation == 0:
		return soldRecord{product: l.Product, sku: currentSKU(s.products, l.Product, l.SKU)}
	case !s.variations.has(l.Variation):
		return soldRecord{product: l.Product, sku: string(s.products.get(l.Product).SKU)}
	}
	return soldRecord{product: l.Product, variation: l.Variation, sku: currentSKU(s.variations, l.Variation, l.SKU)}
}

// currentSKU is the code a record has now; one that never changed has the code it was sold under.
func currentSKU(records *collection[product], id int, soldAs string) string {
	if rec := records.stored[id]; rec != nil {
		return string(rec.SKU)
	}
	return soldAs
}

// buyer is the order's account, 0 for guests and for accounts that were deleted.
func (s *Server) buyer(o *order) int {
	if id := int(o.CustomerID); s.customers.has(id) {
		return id
	}
	return 0
}

// stockMeta writes how much stock the line took, what refunds put back, and which line a refund line gives back.
func (e *encoder) stockMeta(l *orderLine) {
	for i, m := range []struct {
		key   string
		value int
		shown bool
	}{
		{"_reduced_stock", l.reduced, l.taken},
		{"_restock_refunded_items", l.restocked, l.restocked != 0},
		{refundedItem, l.refunded, l.refunded != 0},
	} {
		if m.shown {
			e.hiddenMeta(l.ID*8+5+i, m.key, m.value)
		}
	}
}

// refundedItem is the line meta by which a refund's line names the order's line that it gives back.
const refundedItem = "_refunded_item_id"

// refundedMeta writes the meta of a shipping or fee line: of a refund's, which line it gives back.
func (e *encoder) refundedMeta(id, refunded int) {
	e.array("meta_data")
	if refunded != 0 {
		e.hiddenMeta(id*8+7, refundedItem, refunded)
	}
	e.close(']')
}

// hiddenMeta writes a field that the shop's pages do not show, under its own name.
func (e *encoder) hiddenMeta(id int, key string, value int) {
	text := strconv.Itoa(value)
	e.lineMeta(lineMeta{ID: id, Key: key, Value: text, Label: key, Shown: text})
}
