package entity

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// ofVariations lets products be asked for by the id of a variation too, which is what order lines name: the store leaves
// variations out of its list of products. The product is imported in place of its variation, and says so.
func ofVariations(read flow.Source[Context, productRecord]) flow.Source[Context, productRecord] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec Context, f flow.Filter, b flow.Batch[productRecord]) (flow.Batch[productRecord], error) {
		if f.Kind != flow.IDs {
			return b, nil
		}
		err := addParents(ctx, ec, &b)
		return b, err
	})
}

// addParents replaces the missing ids that are variations by their products.
func addParents(ctx context.Context, ec Context, b *flow.Batch[productRecord]) error {
	missing := b.Missing
	b.Missing = nil
	for _, m := range missing {
		err := addParent(ctx, ec, b, idsAfter([]string{m.ID}, 0)[0])
		if fault.Is(err, fault.NotFound) {
			if fault.From(err).Code == trashed {
				m = missingInTrash(m.ID)
			}
			b.Missing = append(b.Missing, m)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addParent adds the product of a variation, once for all its variations. It gives fault.NotFound when there is none.
func addParent(ctx context.Context, ec Context, b *flow.Batch[productRecord], variation woo.ID) error {
	parent, err := parentOf(ctx, ec, variation)
	if fault.Is(err, fault.Invalid) {
		raw, _ := json.Marshal(map[string]woo.ID{"id": variation})
		b.Rejected = append(b.Rejected, flow.Rejected{ID: variation.String(), Raw: raw, Err: err})
		return nil
	}
	if err != nil {
		return err
	}
	i := slices.IndexFunc(b.Records, func(r productRecord) bool { return r.ID == parent.ID })
	if i < 0 {
		record, err := loadProduct(ctx, ec, parent)
		if err != nil {
			return err
		}
		i, b.Records = len(b.Records), append(b.Records, record)
	}
	b.Records[i].notes = append(b.Records[i].notes, "imported for its variation "+variation.String())
	return nil
}

// parentOf reads the product of a variation, unless one of them is in the trash: the code of the fault.NotFound says so.
func parentOf(ctx context.Context, ec Context, variation woo.ID) (woo.Product, error) {
	v, err := ec.Store.Products.Get(ctx, variation)
	if err != nil {
		return woo.Product{}, err
	}
	if v.Status == trashed {
		return woo.Product{}, inTrash(variation)
	}
	if v.ParentID == 0 {
		return woo.Product{}, fault.New(fault.NotFound, "%s is not a variation", variation)
	}
	parent, err := ec.Store.Products.Get(ctx, v.ParentID)
	if err == nil && parent.Status == trashed {
		err = inTrash(v.ParentID)
	}
	return parent, err
}
