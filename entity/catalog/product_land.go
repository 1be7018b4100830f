package catalog

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
)

// productAttempt is one product on its way into the ERP.
type productAttempt = flow.Attempt[productRecord, productPlan]

// landProducts lands products. One that names terms the store does not list lands without them: they are no reason not to
// sell it.
func landProducts(ctx context.Context, ec mapping.Context, attempts []*productAttempt) error {
	if err := mapping.LandEach(ctx, ec, mapping.ProductName, upsertProducts, flow.NotRefused(attempts)); err != nil {
		return err
	}
	gone, err := goneTerms(ctx, ec, waitsOf(attempts))
	if err != nil || len(gone) == 0 {
		return err
	}
	var again []*productAttempt
	for _, a := range attempts {
		if slices.ContainsFunc(a.Outcome.Waits, func(key erp.Key) bool { return gone[key] }) {
			a.Value.notes = append(a.Value.notes, dropTerms(&a.Value.product, gone)...)
			again = append(again, a)
		}
	}
	return mapping.LandEach(ctx, ec, mapping.ProductName, upsertProducts, again)
}

// dropTerms takes terms off a product and says which. An attribute stays as one that only this product has.
func dropTerms(p *erp.Product, gone map[erp.Key]bool) (notes []string) {
	drop := func(key erp.Key) bool {
		if gone[key] {
			notes = append(notes, key.Entity+" "+key.ID+" left out: the store does not list it")
		}
		return gone[key]
	}
	for _, list := range []*[]erp.Key{&p.Categories, &p.Tags, &p.Brands} {
		*list = slices.DeleteFunc(slices.Clone(*list), drop)
	}
	if drop(p.ShippingClass) {
		p.ShippingClass = erp.Key{}
	}
	p.Attributes = slices.Clone(p.Attributes)
	for i := range p.Attributes {
		if drop(p.Attributes[i].Key) {
			p.Attributes[i].Key = erp.Key{}
		}
	}
	return notes
}

// upsertProducts lands the products of a page.
func upsertProducts(backend erp.Backend, ctx context.Context, plans []productPlan) ([]erp.Outcome, error) {
	products := make([]erp.Product, len(plans))
	for i, plan := range plans {
		products[i] = plan.product
	}
	return backend.UpsertProducts(ctx, products)
}

// finishProducts lands what goes with the products that landed: their stock, and the images of an ERP that keeps them. It says what reports call
// them.
func finishProducts(ctx context.Context, ec mapping.Context, page flow.Page, attempts []*flow.Attempt[productRecord, productPlan]) error {
	landed := flow.NotRefused(attempts)
	if err := landStock(ctx, ec, page, landed); err != nil {
		return err
	}
	if err := noteProductFacts(landed); err != nil {
		return err
	}
	return keepImages(ctx, ec, landed)
}
