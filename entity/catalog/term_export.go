package catalog

import (
	"context"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// termExport is the export of terms that the store keeps in one list, as a table of what tells them apart.
type termExport[T any] struct {
	entity, label string
	kind          erp.TermKind
	service       func(*woo.Client) *woo.Service[T]
	id            func(T) woo.ID
	content       func(mapping.Context, T) (erp.Term, error)
	fields        func(mapping.Context, erp.Term) woo.Fields
	refs          func(*erp.Term) []*erp.Key
}

// exporting makes the flow. A term that the store has already under the same name and parent is the same one: the store takes no second.
func (x termExport[T]) exporting() mapping.Entity {
	return mapping.Exporting(mapping.Export[erp.Term, T, T]{
		Spec:       flow.Spec{Entity: x.entity, Label: x.label},
		Records:    termRecords(x.kind, x.refs),
		Store:      mapping.Store[T, T]{Service: x.service, ID: x.id, Wrap: mapping.AsItIs[T]},
		Comparison: termComparison[T](x.fields), Once: termOnce, Check: checkTerm, Content: x.content,
		Is: func(ec mapping.Context, want erp.Term, have T) bool {
			content, err := x.content(ec, have)
			return err == nil && strings.EqualFold(content.Name, want.Name) && content.Parent == want.Parent
		},
		LabelOf: termLabel,
	})
}

func termLabel(t erp.Term) string { return mapping.Label(t.Name) }

// termComparison compares terms by the fields that an export writes. The store does not say when a term was changed.
func termComparison[R any](fields func(mapping.Context, erp.Term) woo.Fields) mapping.Comparison[erp.Term, R] {
	return mapping.Comparison[erp.Term, R]{Fields: fields}
}

// termSides compares the terms of a kind that are imported.
func termSides[R any](kind erp.TermKind, compare mapping.Comparison[erp.Term, R]) mapping.Comparing[R, erp.Term] {
	return &mapping.Sides[erp.Term, R, erp.Term]{
		Records: termRecords(kind, nil), Compare: compare, Of: mapping.Whole[erp.Term], Keep: keepTerm,
	}
}

func termRecords(kind erp.TermKind, refs func(*erp.Term) []*erp.Key) mapping.Records[erp.Term] {
	return mapping.Records[erp.Term]{
		List: func(r erp.RecordReader, ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Term], error) {
			return r.ListTerms(ctx, kind, q)
		},
		Adopt: erp.RecordReader.AdoptTerms, Key: func(t *erp.Term) *erp.Key { return &t.Key }, Refs: refs,
		Revision: func(t *erp.Term) *string { return &t.Revision },
		Parts: func(t erp.Term) (keys []erp.Key) {
			for _, value := range t.Values {
				keys = append(keys, value.Key)
			}
			return keys
		},
	}
}

// termOnce is the slug, which an address of the shop is made of: it is never sent again.
func termOnce(_ mapping.Context, t erp.Term) woo.Fields {
	if t.Code == "" {
		return nil
	}
	return woo.Fields{"slug": t.Code}
}

func checkTerm(_ mapping.Context, t erp.Term) error {
	if strings.TrimSpace(t.Name) == "" {
		return mapping.Failed("no_name", "it has no name, without which the store takes none: name it in the ERP")
	}
	return nil
}

// labelled are the fields that terms of every kind have.
func labelled(_ mapping.Context, t erp.Term) woo.Fields {
	return woo.Fields{"name": t.Name, "description": mapping.HTML(t.Description)}
}
