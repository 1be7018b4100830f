package ledger

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
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

var termKinds = []erp.TermKind{
	erp.Category, erp.Tag, erp.Brand, erp.Attribute, erp.AttributeValue, erp.ShippingClass,
	erp.TaxClass, erp.PaymentGateway, erp.ShippingZone, erp.ShippingMethod,
}

var terms = catalogue[erp.Term]{
	model: "term", table: "terms",
	key:   termKey,
	check: checkTerm,
	write: writeTerms,
}

// UpsertTerms lands terms with their values. A parent may come anywhere in the batch; one that is neither there nor in
// the ledger parks the term with the code "unknown_parent". Values the batch does not name stay as they are.
func (l *Ledger) UpsertTerms(ctx context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	return terms.upsert(ctx, l, batch)
}

func termKey(t *erp.Term) *erp.Key { return &t.Key }

func checkTerm(t *erp.Term) *refusal {
	if !slices.Contains(termKinds, t.Kind) {
		return failed("invalid_kind", "the term is of the unknown kind %q", t.Kind)
	}
	for i := range t.Values {
		value := &t.Values[i]
		if r := checkKey(value.Key); r != nil {
			return r
		}
		if len(value.Values) > 0 {
			return failed("invalid_value", "the value %s has values itself", value.Key)
		}
		if r := checkTerm(value); r != nil {
			return r
		}
	}
	return nil
}

func writeTerms(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Term]) error {
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
		ids[d.key] = d.id
	}
	rows := make([]termRow, len(drafts))
	for i, d := range drafts {
		rows[i] = newTermRow(d.id, d.record)
		if parent := ids[d.record.Parent]; parent != 0 {
			rows[i].ParentID = &parent
		}
	}
	if err := upsertRows(ctx, tx, "terms", rows); err != nil {
		return err
	}
	return writeTermValues(ctx, tx, drafts, known)
}

// termReferences lists the keys of parents and values.
func termReferences(drafts []*draft[erp.Term]) []erp.Key {
	var keys []erp.Key
	for _, d := range drafts {
		if !d.record.Parent.IsZero() {
			keys = append(keys, d.record.Parent)
		}
		for _, value := range d.record.Values {
			keys = append(keys, value.Key)
		}
	}
	return keys
}

// parkOrphans parks the terms whose parent is neither held nor lands now. Parking one may orphan others of the batch,
// so what lands is collected from the roots downwards until nothing more joins.
func parkOrphans(drafts []*draft[erp.Term], known map[erp.Key]held) {
	landing := make(map[erp.Key]bool, len(drafts))
	for grew := true; grew; {
		grew = false
		for _, d := range drafts {
			_, held := known[d.record.Parent]
			if !landing[d.key] && (d.record.Parent.IsZero() || held || landing[d.record.Parent]) {
				landing[d.key], grew = true, true
			}
		}
	}
	for _, d := range drafts {
		if !landing[d.key] {
			d.refused = parked("unknown_parent", "its parent has not landed: import it", d.record.Parent)
		}
	}
}

// writeTermValues lands the values under their terms. A value keeps the id it has, wherever it was before.
func writeTermValues(ctx context.Context, tx *sqlx.Tx, drafts []*draft[erp.Term], known map[erp.Key]held) error {
	var values []*draft[erp.Term]
	var parents []int64
	for _, d := range drafts {
		for i := range d.record.Values {
			value := &d.record.Values[i]
			digest, err := digestOf(*value, termKey)
			if err != nil {
				return err
			}
			before, exists := known[value.Key]
			values = append(values, &draft[erp.Term]{record: value, key: value.Key, id: before.ID, created: !exists, after: digest})
			parents = append(parents, d.id)
		}
	}
	if _, err := assign(ctx, tx, "terms", values); err != nil {
		return err
	}
	rows := make([]termRow, len(values))
	for i, value := range values {
		rows[i] = newTermRow(value.id, value.record)
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
