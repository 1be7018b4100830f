package catalog

import (
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
)

// keepTerm leaves a term, and each of its values, as the ERP has it where the ERP's values count. Its slug, its image and what else only
// the store says of it are landed all the same.
func keepTerm(landed *erp.Term, held erp.Term, kept func(mapping.Unit) bool) {
	if kept(mapping.Unit{Part: mapping.BasicPart}) {
		leaveTerm(landed, held)
		landed.Parent = held.Parent
	}
	landed.Values = slices.Clone(landed.Values)
	for i := range landed.Values {
		value := &landed.Values[i]
		at := slices.IndexFunc(held.Values, func(h erp.Term) bool { return h.Key == value.Key })
		if at >= 0 && kept(mapping.Unit{Part: mapping.BasicPart, Of: mapping.StoreID(value.Key).String()}) {
			leaveTerm(value, held.Values[at])
		}
	}
}

func leaveTerm(landed *erp.Term, held erp.Term) {
	landed.Name, landed.Description, landed.Position = held.Name, held.Description, held.Position
}
