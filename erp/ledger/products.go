package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

var products = catalogue[erp.Product]{
	model: "product", table: "products",
	key:   func(p *erp.Product) *erp.Key { return &p.Key },
	check: checkProduct,
	write: writeProducts,
}

// UpsertProducts lands products with their variants, prices and everything else they show. A term or price list that
// has not landed parks the product, with a code like "unknown_category". Variants the product no longer has become
// inactive, because orders may name them.
func (l *Ledger) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	return products.upsert(ctx, l, batch)
}

// references are the ids behind the keys that products name.
type references struct {
	terms    map[erp.Key]held
	lists    map[erp.Key]held
	variants map[erp.Key]held
}

func writeProducts(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Product]) error {
	refs, err := resolveReferences(ctx, tx, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		d.refused = refs.missing(d.record)
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

func resolveReferences(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Product]) (refs references, err error) {
	var named, lists, variants []erp.Key
	for _, d := range drafts {
		for _, use := range termsOf(d.record) {
			named = append(named, use.keys...)
		}
		for i := range d.record.Variants {
			variants = append(variants, d.record.Variants[i].Key)
			for _, price := range d.record.Variants[i].Prices {
				lists = append(lists, price.List)
			}
		}
	}
	if refs.terms, err = resolve(ctx, tx, "term", distinct(named)); err != nil {
		return refs, err
	}
	if refs.lists, err = resolve(ctx, tx, "price_list", distinct(lists)); err != nil {
		return refs, err
	}
	refs.variants, err = resolve(ctx, tx, "variant", variants)
	return refs, err
}

// missing parks a product that names what has not landed; nil when everything it names is there.
func (r references) missing(p *erp.Product) *refusal {
	for _, use := range termsOf(p) {
		if waits := absent(use.keys, r.terms); len(waits) > 0 {
			return parked("unknown_"+use.kind, "a "+use.kind+" of the product has not landed: import it", waits...)
		}
	}
	var lists []erp.Key
	for _, variant := range p.Variants {
		for _, price := range variant.Prices {
			lists = append(lists, price.List)
		}
	}
	if waits := absent(distinct(lists), r.lists); len(waits) > 0 {
		return parked("unknown_price_list", "a price list of the product has not landed: import it", waits...)
	}
	return nil
}

// termUse is the terms of one kind that a product names.
type termUse struct {
	kind string
	keys []erp.Key
}

func termsOf(p *erp.Product) []termUse {
	uses := []termUse{{"category", p.Categories}, {"tag", p.Tags}, {"brand", p.Brands}}
	if !p.ShippingClass.IsZero() {
		uses = append(uses, termUse{"shipping_class", []erp.Key{p.ShippingClass}})
	}
	var attributes []erp.Key
	for _, attribute := range p.Attributes {
		if !attribute.Key.IsZero() {
			attributes = append(attributes, attribute.Key)
		}
	}
	return append(uses, termUse{"attribute", attributes})
}

func absent(keys []erp.Key, known map[erp.Key]held) []erp.Key {
	var missing []erp.Key
	for _, key := range keys {
		if _, ok := known[key]; !ok {
			missing = append(missing, key)
		}
	}
	return missing
}

func distinct(keys []erp.Key) []erp.Key {
	seen := make(map[erp.Key]bool, len(keys))
	var rest []erp.Key
	for _, key := range keys {
		if !seen[key] {
			seen[key] = true
			rest = append(rest, key)
		}
	}
	return rest
}

// clearProducts removes what changed products showed before their new rows are written, except prices where the new
// record brings none. Variants that are gone stay as inactive ones.
func clearProducts(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Product], variants []*variantDraft) error {
	var changed, kept, priced []int64
	for _, d := range drafts {
		if !d.created {
			changed = append(changed, d.id)
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
	_, err := tx.ExecContext(ctx, `
		WITH product_terms AS (DELETE FROM ledger.product_terms WHERE product_id = ANY ($1)),
		     attributes AS (DELETE FROM ledger.product_attributes WHERE product_id = ANY ($1)),
		     components AS (DELETE FROM ledger.product_components WHERE product_id = ANY ($1)),
		     downloads AS (DELETE FROM ledger.downloads WHERE product_id = ANY ($1)),
		     images AS (DELETE FROM ledger.images WHERE product_id = ANY ($1) OR variant_id = ANY ($2)),
		     options AS (DELETE FROM ledger.variant_options WHERE variant_id = ANY ($2)),
		     prices AS (DELETE FROM ledger.prices WHERE variant_id = ANY ($3))
		UPDATE ledger.variants SET active = false WHERE product_id = ANY ($1) AND NOT id = ANY ($2) AND active`,
		pq.Array(changed), pq.Array(filled(kept)), pq.Array(filled(priced)))
	return classify(err)
}
