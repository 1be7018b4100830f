package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/landing"
)

// variantDraft is a variant on its way into its table.
type variantDraft struct {
	record    *erp.Variant
	productID int64
	position  int
	id        int64
	created   bool
}

// draftVariants gives every variant of the drafts an id: the one it is held under, or a new one.
func draftVariants(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Product], refs productRefs) ([]*variantDraft, error) {
	var variants []*variantDraft
	var targets []*int64
	for _, d := range drafts {
		for i := range d.Record.Variants {
			record := &d.Record.Variants[i]
			if erp.Stays(*record) {
				continue
			}
			before, exists := refs.variants[record.Key]
			v := &variantDraft{record: record, productID: d.ID, position: i, id: before.ID, created: !exists}
			variants = append(variants, v)
			if v.created {
				targets = append(targets, &v.id)
			}
		}
	}
	return variants, setIDs(ctx, tx, "variants", targets)
}

// stayingVariants are those that the store does not have, and that stay as they are.
func stayingVariants(drafts []*landing.Draft[erp.Product]) ([]int64, error) {
	var ids []int64
	for _, d := range drafts {
		for _, v := range d.Record.Variants {
			if !erp.Stays(v) {
				continue
			}
			named, _ := erp.PendingID(v.Key)
			id, err := ledgerID(named)
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
	}
	return ids, nil
}
