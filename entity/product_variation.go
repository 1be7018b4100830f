package entity

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/fault"
	"tandem/woo"
)

// ofVariations lets products be asked for by the id of a variation too, which is what order lines name: the store leaves
// variations out of its list of products. The product is imported in place of its variation, and says so.
func ofVariations(read reader[productRecord]) reader[productRecord] {
	return changeBatches(read, func(ctx context.Context, ec Context, f Filter, b batch[productRecord]) (batch[productRecord], error) {
		if f.Kind != IDs {
			return b, nil
		}
		err := addParents(ctx, ec, &b)
		return b, err
	})
}

// addParents replaces the missing ids that are variations by their products.
func addParents(ctx context.Context, ec Context, b *batch[productRecord]) error {
	missing := b.missing
	b.missing = nil
	for _, id := range idsAfter(missing, 0) {
		err := addParent(ctx, ec, b, id)
		if fault.Is(err, fault.NotFound) {
			b.missing = append(b.missing, id.String())
			if fault.From(err).Code == trashed {
				b.trashed = append(b.trashed, id.String())
			}
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addParent adds the product of a variation, once for all its variations. It gives fault.NotFound when there is none.
func addParent(ctx context.Context, ec Context, b *batch[productRecord], variation woo.ID) error {
	parent, err := parentOf(ctx, ec, variation)
	if fault.Is(err, fault.Invalid) {
		raw, _ := json.Marshal(map[string]woo.ID{"id": variation})
		b.rejected = append(b.rejected, woo.Rejected{ID: variation, Raw: raw, Err: err})
		return nil
	}
	if err != nil {
		return err
	}
	i := slices.IndexFunc(b.records, func(r productRecord) bool { return r.ID == parent.ID })
	if i < 0 {
		record, err := loadProduct(ctx, ec, parent)
		if err != nil {
			return err
		}
		i, b.records = len(b.records), append(b.records, record)
	}
	b.records[i].notes = append(b.records[i].notes, "imported for its variation "+variation.String())
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
