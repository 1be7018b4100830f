package catalog

import (
	"context"
	"net/url"
	"slices"

	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/woo"
)

// withoutTranslations leaves out products that are translations of others: the product in the store's language is the product, and its
// translations, which have its SKU, its price and its stock, are no products of their own. A translation that is asked for by its id says
// so, and the product is read in its place.
func withoutTranslations(read flow.Source[mapping.Context, woo.Product]) flow.Source[mapping.Context, woo.Product] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec mapping.Context, f flow.Filter, b flow.Batch[woo.Product]) (flow.Batch[woo.Product], error) {
		var products []woo.Product
		var originals []woo.ID
		for _, p := range b.Records {
			original := mapping.OriginalOf(ec, p)
			if original == p.ID {
				products = append(products, p)
				continue
			}
			if f.Kind == flow.IDs {
				originals = append(originals, original)
				b.Missing = append(b.Missing, translationOf(p, original))
			}
		}
		b.Records = products
		return b, addOriginals(ctx, ec, &b, originals)
	})
}

// translationOf says why a translation is not imported.
func translationOf(p woo.Product, original woo.ID) flow.Missing {
	return flow.Missing{ID: p.ID.String(), Code: "translation",
		Reason: "it is a translation of product " + original.String() + ", which is imported in its place"}
}

// addOriginals adds the products that translations are of, unless they are there already.
func addOriginals(ctx context.Context, ec mapping.Context, b *flow.Batch[woo.Product], ids []woo.ID) error {
	ids = slices.DeleteFunc(ids, func(id woo.ID) bool {
		return slices.ContainsFunc(b.Records, func(p woo.Product) bool { return p.ID == id })
	})
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), woo.MaxPerPage) {
		page, err := ec.Store.Products.List(ctx, woo.ListOptions{Include: part, PerPage: woo.MaxPerPage, Params: url.Values{"status": {"any"}}})
		if err != nil {
			return err
		}
		b.Records = append(b.Records, page.Records...)
	}
	return nil
}
