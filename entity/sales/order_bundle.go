package sales

import (
	"cmp"

	"tandem/entity/mapping"
	"tandem/woo"
)

// Bundles and composites are sold as several lines: one for the whole, and one for each part. Each has the money that the store gave
// it, which is nothing for parts that are not priced one by one, or for a whole whose parts are. Each takes off stock what the store
// says. So they land as they are; what is added is to which line a part belongs.

// cartKeys are the meta fields in which plugins keep how a line was called in the cart, and how the line was called that it is a part
// of: where the store's API does not say it in a field of its own.
var cartKeys = [][2]string{{"_bundle_cart_key", "_bundled_by"}, {"_composite_cart_key", "_composite_parent"}}

// wpcParent is the meta field in which WPC Product Bundles keeps, with a part, the product that it was sold in.
const wpcParent = "_woosb_parent_id"

// wholeOf gives the line of which another is a part; nil for one that is sold by itself.
func wholeOf(o woo.Order, part woo.LineItem) *woo.LineItem {
	is := func(l woo.LineItem) bool { return l.ID == cmp.Or(part.BundledBy, part.CompositeParent) }
	if part.BundledBy == 0 && part.CompositeParent == 0 {
		is = func(l woo.LineItem) bool { return isInCart(l, part) }
	}
	for i, l := range o.LineItems {
		if l.ID != part.ID && is(l) {
			return &o.LineItems[i]
		}
	}
	return nil
}

// isInCart reports whether a line is the whole of a part by what plugins noted in the cart.
func isInCart(whole, part woo.LineItem) bool {
	for _, key := range cartKeys {
		if in := metaText(part.MetaData, key[1]); in != "" && in == metaText(whole.MetaData, key[0]) {
			return true
		}
	}
	in := metaText(part.MetaData, wpcParent)
	return in != "" && in == whole.ProductID.String()
}

// metaText gives the text of a meta field; empty when there is none.
func metaText(meta []woo.Meta, key string) string {
	entry, _ := woo.FindMeta(meta, key)
	text, _ := entry.Text()
	return text
}

// lineTitle is what a product line is called: its own name, and of a part the name of the whole.
func lineTitle(o woo.Order, item woo.LineItem) string {
	title := mapping.Plain(item.Name)
	if whole := wholeOf(o, item); whole != nil && whole.Name != "" {
		title += " (part of " + mapping.Plain(whole.Name) + ")"
	}
	return title
}
