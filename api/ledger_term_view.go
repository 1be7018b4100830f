package api

import (
	"context"
	"fmt"

	"tandem/api/gen"
	"tandem/erp"
)

// ledgerTerm shows a term of the ledger.
func ledgerTerm(v erp.Version[erp.Term]) gen.LedgerTerm {
	t := v.Record
	view := gen.LedgerTerm{
		ID: v.ID, Version: v.Number, Name: t.Name, Code: t.Code, Description: t.Description, Parent: erp.OwnID(t.Parent), Position: t.Position, Active: &t.Active,
	}
	for _, value := range t.Values {
		view.Values = append(view.Values, gen.LedgerValue{
			ID: erp.OwnID(value.Key), Name: value.Name, Code: value.Code, Description: value.Description, Position: value.Position, Active: &value.Active,
		})
	}
	return view
}

// termsOf is how requests see the ledger's terms of one kind.
func termsOf(kind erp.TermKind) ledgerRecords[erp.Term, gen.LedgerTerm] {
	return ledgerRecords[erp.Term, gen.LedgerTerm]{
		schema: "LedgerTerm", view: ledgerTerm,
		desk: func(d erp.Desk) erp.RecordDesk[erp.Term] { return d.Terms(kind) },
		apply: func(_ *server, _ context.Context, said gen.LedgerTerm, t erp.Term) (erp.Term, error) {
			return applyTerm(kind, said, t)
		},
	}
}

// applyTerm makes a term of what a request says.
func applyTerm(kind erp.TermKind, said gen.LedgerTerm, t erp.Term) (erp.Term, error) {
	var problems problems
	if said.Parent != "" && kind != erp.Category {
		problems.add("parent", "only a category has one")
	}
	if len(said.Values) > 0 && kind != erp.Attribute {
		problems.add("values", "only an attribute has values")
	}
	before := t.Values
	t.Kind, t.Name, t.Code, t.Description = kind, said.Name, said.Code, said.Description
	t.Parent, t.Position, t.Active = optionalOwnKey(kind, said.Parent), said.Position, said.Active == nil || *said.Active
	t.Values = nil
	names := map[string]bool{}
	for i, one := range said.Values {
		field := fmt.Sprintf("values[%d]", i)
		value := erp.Term{Key: optionalOwnKey(erp.AttributeValue, one.ID)}
		if one.ID != "" {
			known := false
			for _, b := range before {
				if b.Key == value.Key {
					value, known = b, true
				}
			}
			if !known {
				problems.add(field+".id", "the attribute has no such value: leave the id out to add one")
			}
		}
		if names[one.Name] {
			problems.add(field+".name", "another value has the same")
		}
		names[one.Name] = true
		value.Kind, value.Name, value.Code, value.Description = erp.AttributeValue, one.Name, one.Code, one.Description
		value.Position, value.Active = one.Position, one.Active == nil || *one.Active
		t.Values = append(t.Values, value)
	}
	return t, problems.err()
}
