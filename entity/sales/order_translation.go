package sales

import (
	"context"
	"net/url"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// translatedUntold is the code of an order with a line of a translated product that cannot be imported: its variation is not known to be one
// of the original's.
const translatedUntold = "translated_variation"

// original gives what a line sold in the store's language: the product, or the variation of it, that what the line names is a translation
// of. ok reports whether it is a translation; the key is zero where its variation cannot be told.
func original(ctx context.Context, ec mapping.Context, listed map[woo.ID]woo.Product, line woo.LineItem) (key erp.Key, ok bool, err error) {
	product, found := listed[line.ProductID]
	if !found { // lists may be in one language only
		if product, err = ec.Store.Products.Get(ctx, line.ProductID); err != nil {
			return erp.Key{}, false, ignoreMissing(err)
		}
	}
	of := mapping.OriginalOf(ec, product)
	if of == product.ID {
		return erp.Key{}, false, nil
	}
	if line.VariationID == 0 {
		return mapping.KeyOf(ec, mapping.ProductName, of), true, nil
	}
	variation, err := ec.Store.Products.Get(ctx, line.VariationID)
	if err != nil {
		return erp.Key{}, true, ignoreMissing(err)
	}
	if id := mapping.OriginalOf(ec, variation); id != variation.ID {
		return mapping.KeyOf(ec, mapping.ProductName, id), true, nil
	}
	id, err := variationBySKU(ctx, ec, of, variation.SKU)
	return mapping.OptionalKey(ec, mapping.ProductName, id), true, err
}

// ignoreMissing takes a record that the store does not have for no error.
func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// variationBySKU finds the one variation of a product that has a SKU; 0 when there is not exactly one.
func variationBySKU(ctx context.Context, ec mapping.Context, product woo.ID, sku string) (woo.ID, error) {
	if sku == "" {
		return 0, nil
	}
	page, err := ec.Store.Variations.Of(product).List(ctx, woo.ListOptions{PerPage: woo.MaxPerPage, Params: url.Values{"sku": {sku}}})
	if err != nil {
		return 0, err
	}
	same := slices.DeleteFunc(page.Records, func(v woo.Variation) bool { return v.SKU != sku })
	if len(same) != 1 {
		return 0, nil
	}
	return same[0].ID, nil
}

// sellOriginals puts what lines sold in the store's language in the place of translations, and reports whether there were any.
func sellOriginals(a *orderAttempt, originals map[erp.Key]erp.Key) bool {
	changed := false
	for i := range a.Value.order.Lines {
		line := &a.Value.order.Lines[i]
		if key, ok := originals[line.Product]; ok && line.Kind == erp.ProductLine {
			a.Note("line " + line.ID + " sold a translation: " + line.Product.ID + " of " + key.ID)
			line.Product, changed = key, true
		}
	}
	return changed
}
