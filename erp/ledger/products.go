package ledger

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

var products = catalogue[erp.Product]{
	model: "product", table: "products",
	key:      func(p *erp.Product) *erp.Key { return &p.Key },
	check:    checkProduct,
	revision: func(r *erp.Product) string { return r.Revision },
	write:    writeProducts,
}

// UpsertProducts lands products with their variants, prices and everything else they show. A term or price list that
// has not landed parks the product, with a code like "unknown_category". Variants the product no longer has become
// inactive, because orders may name them.
func (l *Ledger) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	return products.upsert(ctx, l, batch)
}

// productRefs are the ids behind the keys that products name.
type productRefs struct {
	terms    map[erp.Key]held
	lists    map[erp.Key]held
	variants map[erp.Key]held
}

func writeProducts(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Product]) error {
	refs, err := resolveProductRefs(ctx, tx, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		d.Refused = check.ProductRefs(d.Record, check.In(refs.terms), check.In(refs.lists))
	}
	drafts, err = assign(ctx, tx, "products", drafts)
	if err != nil {
		return err
	}
	variants, err := draftVariants(ctx, tx, drafts, refs)
	if err != nil {
		return err
	}
	if err := clearProducts(ctx, tx, drafts, variants); err != nil {
		return err
	}
	return newProductRows(drafts, variants, refs).write(ctx, tx)
}

func resolveProductRefs(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Product]) (refs productRefs, err error) {
	var terms, lists check.KeySet
	var variants []erp.Key
	for _, d := range drafts {
		for _, use := range check.TermsOf(d.Record) {
			terms.Add(use.Keys...)
		}
		lists.Add(check.PriceListsOf(d.Record)...)
		for i := range d.Record.Variants {
			variants = append(variants, d.Record.Variants[i].Key)
		}
	}
	if refs.terms, err = resolve(ctx, tx, "term", terms.List()); err != nil {
		return refs, err
	}
	if refs.lists, err = resolve(ctx, tx, "price_list", lists.List()); err != nil {
		return refs, err
	}
	refs.variants, err = resolve(ctx, tx, "variant", variants)
	return refs, err
}

// clearProducts removes what changed products showed before their new rows are written, except prices where the new
// record brings none: a store says the prices of its own lists only, a person all. Images stay too where none are imported. Variants that
// are gone stay as inactive ones.
func clearProducts(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Product], variants []*variantDraft) error {
	var changed, kept, priced []int64
	staying, err := stayingVariants(drafts)
	if err != nil {
		return err
	}
	var stores []string
	pictured := picturedParts(drafts, variants)
	for _, d := range drafts {
		stores = append(stores, d.Key.Instance)
		if !d.Created {
			changed = append(changed, d.ID)
		}
	}
	for _, v := range variants {
		if v.created {
			continue
		}
		kept = append(kept, v.id)
		if v.record.Prices != nil {
			priced = append(priced, v.id)
		}
	}
	if len(changed)+len(kept) == 0 {
		return nil
	}
	_, err = tx.ExecContext(ctx, `
		WITH product_terms AS (DELETE FROM ledger.product_terms WHERE product_id = ANY ($1)),
		     attributes AS (DELETE FROM ledger.product_attributes WHERE product_id = ANY ($1)),
		     components AS (DELETE FROM ledger.product_components WHERE product_id = ANY ($1)),
		     downloads AS (DELETE FROM ledger.downloads WHERE product_id = ANY ($1)),
		     images AS (DELETE FROM ledger.images WHERE product_id = ANY ($6) OR variant_id = ANY ($7)),
		     options AS (DELETE FROM ledger.variant_options WHERE variant_id = ANY ($2)),
		     prices AS (DELETE FROM ledger.prices p WHERE p.variant_id = ANY ($3) AND ($5 = ANY ($4) OR EXISTS (
		         SELECT FROM ledger.external_ids e WHERE e.record_id = p.price_list_id AND e.model = 'price_list' AND e.instance = ANY ($4))))
		UPDATE ledger.variants SET active = false WHERE product_id = ANY ($1) AND NOT id = ANY ($2) AND NOT id = ANY ($8) AND active`,
		pq.Array(changed), pq.Array(filled(kept)), pq.Array(filled(priced)), pq.Array(stores), erp.OwnInstance, pq.Array(filled(pictured.products)), pq.Array(filled(pictured.variants)),
		pq.Array(filled(staying)))
	return classify(err)
}

// pictured are the products and variants whose images are replaced.
type pictured struct{ products, variants []int64 }

func picturedParts(drafts []*landing.Draft[erp.Product], variants []*variantDraft) (p pictured) {
	for _, d := range drafts {
		if saysImages(d.Record) {
			p.products = append(p.products, d.ID)
		}
	}
	for _, v := range variants {
		if slices.Contains(p.products, v.productID) {
			p.variants = append(p.variants, v.id)
		}
	}
	return p
}

// saysImages reports whether a record says which images there are.
func saysImages(p *erp.Product) bool {
	return p.Images != nil || slices.ContainsFunc(p.Variants, func(v erp.Variant) bool { return v.Image != nil })
}
