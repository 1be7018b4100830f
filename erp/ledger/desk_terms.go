package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/check"
)

// Terms is work on terms of one kind. Values that are left out of a change stay as they are.
func (l *Ledger) Terms(kind erp.TermKind) erp.RecordDesk[erp.Term] {
	return desk[erp.Term]{
		ledger: l, place: termPlace, entity: string(kind), where: `t.kind = ` + pq.QuoteLiteral(string(kind)),
		finds: `(t.name ILIKE $1 OR t.code ILIKE $1)`,
		key:   terms.key, name: nameValues, names: namedByTerm, check: check.Term, land: terms.land,
		read: func(r recordReader, ctx context.Context, ids []int64) (map[int64]erp.Term, error) {
			return r.terms(ctx, kind, ids)
		},
	}
}

func nameValues(t *erp.Term, fresh func(string) erp.Key) {
	t.Values = slices.Clone(t.Values)
	for i := range t.Values {
		if key := &t.Values[i].Key; key.IsZero() {
			*key = fresh(string(valueKinds[t.Kind]))
		}
	}
}

func namedByTerm(t *erp.Term) []reference {
	named := []reference{{"parent", t.Parent, termPlace}}
	for i, value := range t.Values {
		named = append(named, reference{fmt.Sprintf("values[%d].id", i), value.Key, termPlace})
	}
	return named
}
