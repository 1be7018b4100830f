package ledger

import (
	"context"

	"github.com/lib/pq"

	"tandem/erp"
)

// ListTerms reads terms with their values.
func (l *Ledger) ListTerms(ctx context.Context, kind erp.TermKind, q erp.RecordQuery) (erp.RecordPage[erp.Term], error) {
	k := recordKind{table: terms.table, where: "t.kind = " + pq.QuoteLiteral(string(kind))}
	return listRecords(ctx, l, k, q, func(r recordReader, ctx context.Context, ids []int64) (map[int64]erp.Term, error) {
		return r.terms(ctx, kind, ids)
	})
}

// valueKinds are the kinds of what terms are landed with.
var valueKinds = map[erp.TermKind]erp.TermKind{erp.Attribute: erp.AttributeValue, erp.ShippingZone: erp.ShippingMethod}

func (r recordReader) terms(ctx context.Context, kind erp.TermKind, ids []int64) (map[int64]erp.Term, error) {
	rows, err := rowsOf[termRow](ctx, r, `SELECT * FROM ledger.terms WHERE id = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	values, err := rowsOf[termRow](ctx, r, `SELECT * FROM ledger.terms WHERE parent_id = ANY ($1) AND kind = $2 ORDER BY id`,
		pq.Array(ids), valueKinds[kind])
	if err != nil {
		return nil, err
	}
	all := idsIn(append(rows[:len(rows):len(rows)], values...), func(t termRow) int64 { return t.ID })
	for _, row := range rows {
		if row.ParentID != nil {
			all = append(all, *row.ParentID)
		}
	}
	keyOf, err := r.keysOf(ctx, terms.model, []string{string(kind)}, all)
	if err != nil {
		return nil, err
	}
	valueKey, err := r.keysOf(ctx, terms.model, []string{string(valueKinds[kind])}, all)
	if err != nil {
		return nil, err
	}
	records := make(map[int64]erp.Term, len(rows))
	for _, row := range rows {
		term := row.term(keyOf(row.ID))
		if row.ParentID != nil {
			term.Parent = keyOf(*row.ParentID)
		}
		records[row.ID] = term
	}
	for _, value := range values {
		owner := records[*value.ParentID]
		owner.Values = append(owner.Values, value.term(valueKey(value.ID)))
		records[*value.ParentID] = owner
	}
	return records, nil
}

// term is the inverse of newTermRow.
func (t termRow) term(key erp.Key) erp.Term {
	term := erp.Term{
		Key: key, Kind: t.Kind, Name: t.Name, Code: t.Code, Description: t.Description, Position: t.Position, Active: t.Active, Image: t.Image,
	}
	if len(t.Extra) > 0 {
		term.Extra = t.Extra
	}
	return term
}
