package catalog

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// ofVariations lets products be asked for by the id of a variation too, which is what order lines name: the store leaves
// variations out of its list of products. The product is imported in place of its variation, and says so.
func ofVariations(read flow.Source[mapping.Context, productRecord]) flow.Source[mapping.Context, productRecord] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec mapping.Context, f flow.Filter, b flow.Batch[productRecord]) (flow.Batch[productRecord], error) {
		if f.Kind != flow.IDs {
			return b, nil
		}
		err := addParents(ctx, ec, &b)
		return b, err
	})
}

// addParents replaces the missing ids that are variations by their products.
func addParents(ctx context.Context, ec mapping.Context, b *flow.Batch[productRecord]) error {
	missing := b.Missing
	b.Missing = nil
	for _, m := range missing {
		err := addParent(ctx, ec, b, mapping.IdsAfter([]string{m.ID}, 0)[0])
		if fault.Is(err, fault.NotFound) {
			if fault.From(err).Code == mapping.Trashed {
				m = mapping.MissingInTrash(m.ID)
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
func addParent(ctx context.Context, ec mapping.Context, b *flow.Batch[productRecord], variation woo.ID) error {
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
func parentOf(ctx context.Context, ec mapping.Context, variation woo.ID) (woo.Product, error) {
	v, err := ec.Store.Products.Get(ctx, variation)
	if err != nil {
		return woo.Product{}, err
	}
	if v.Status == mapping.Trashed {
		return woo.Product{}, mapping.InTrash(variation)
	}
	if v.ParentID == 0 {
		return woo.Product{}, fault.New(fault.NotFound, "%s is not a variation", variation)
	}
	parent, err := ec.Store.Products.Get(ctx, v.ParentID)
	if err == nil && parent.Status == mapping.Trashed {
		err = mapping.InTrash(v.ParentID)
	}
	return parent, err
}
