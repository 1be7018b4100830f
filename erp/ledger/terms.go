package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

type termRow struct {
	ID          int64             `json:"id"`
	Kind        erp.TermKind      `json:"kind"`
	ParentID    *int64            `json:"parent_id"`
	Name        string            `json:"name"`
	Code        string            `json:"code"`
	Description string            `json:"description"`
	Position    int               `json:"position"`
	Active      bool              `json:"active"`
	Image       *erp.Image        `json:"image"`
	Extra       map[string]string `json:"extra"`
}

var terms = catalogue[erp.Term]{
	model: "term", table: "terms",
	key:      termKey,
	check:    check.Term,
	revision: func(r *erp.Term) string { return r.Revision },
	write:    writeTerms,
}

// UpsertTerms lands terms with their values. A parent may come anywhere in the batch; one that is neither there nor in
// the ledger parks the term with the code "unknown_parent". Values the batch does not name stay as they are.
func (l *Ledger) UpsertTerms(ctx context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	return terms.upsert(ctx, l, batch)
}

func termKey(t *erp.Term) *erp.Key { return &t.Key }

func writeTerms(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Term]) error {
	known, err := resolve(ctx, tx, "term", termReferences(drafts))
	if err != nil {
		return err
	}
	parkOrphans(drafts, known)
	drafts, err = assign(ctx, tx, "terms", drafts)
	if err != nil {
		return err
	}
	ids := make(map[erp.Key]int64, len(known)+len(drafts))
	for key, term := range known {
		ids[key] = term.ID
	}
	for _, d := range drafts {
		ids[d.Key] = d.ID
	}
	rows := make([]termRow, len(drafts))
	for i, d := range drafts {
		rows[i] = newTermRow(d.ID, d.Record)
		if parent := ids[d.Record.Parent]; parent != 0 {
			rows[i].ParentID = &parent
		}
	}
	if err := upsertRows(ctx, tx, "terms", rows); err != nil {
		return err
	}
	return writeTermValues(ctx, tx, drafts, known)
}

// termReferences lists the keys of parents and values.
func termReferences(drafts []*landing.Draft[erp.Term]) []erp.Key {
	var keys []erp.Key
	for _, d := range drafts {
		if !d.Record.Parent.IsZero() {
			keys = append(keys, d.Record.Parent)
		}
		for _, value := range d.Record.Values {
			keys = append(keys, value.Key)
		}
	}
	return keys
}

// parkOrphans parks the terms whose parent is neither held nor lands now. Parking one may orphan others of the batch,
// so what lands is collected from the roots downwards until nothing more joins.
func parkOrphans(drafts []*landing.Draft[erp.Term], known map[erp.Key]held) {
	lands := make(map[erp.Key]bool, len(drafts))
	for grew := true; grew; {
		grew = false
		for _, d := range drafts {
			_, held := known[d.Record.Parent]
			if !lands[d.Key] && (d.Record.Parent.IsZero() || held || lands[d.Record.Parent]) {
				lands[d.Key], grew = true, true
			}
		}
	}
	for _, d := range drafts {
		if !lands[d.Key] {
			d.Refused = landing.Parked("unknown_parent", "its parent has not landed: import it", d.Record.Parent)
		}
	}
}

// writeTermValues lands the values under their terms. A value keeps the id it has, wherever it was before.
func writeTermValues(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Term], known map[erp.Key]held) error {
	var values []*landing.Draft[erp.Term]
	var parents []int64
	for _, d := range drafts {
		for i := range d.Record.Values {
			value := &d.Record.Values[i]
			draft := landing.NewDraft(value, termKey)
			if before, ok := known[value.Key]; ok {
				draft.Found(before.ID, before.Digest)
			}
			values = append(values, draft)
			parents = append(parents, d.ID)
		}
	}
	if _, err := assign(ctx, tx, "terms", values); err != nil {
		return err
	}
	rows := make([]termRow, len(values))
	for i, value := range values {
		rows[i] = newTermRow(value.ID, value.Record)
		rows[i].ParentID = &parents[i]
	}
	if err := upsertRows(ctx, tx, "terms", rows); err != nil {
		return err
	}
	return sign(ctx, tx, "term", values)
}

func newTermRow(id int64, t *erp.Term) termRow {
	row := termRow{
		ID: id, Kind: t.Kind, Name: t.Name, Code: t.Code, Description: t.Description, Position: t.Position,
		Active: t.Active, Image: t.Image, Extra: t.Extra,
	}
	if row.Extra == nil {
		row.Extra = map[string]string{}
	}
	return row
}
