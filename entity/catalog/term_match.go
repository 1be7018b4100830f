package catalog

import (
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// termMatch is the matching of terms as a table of what tells them apart. A slug is one term's only; a name may be that of several, in
// a tree under different parents.
func termMatch[R any](read *mapping.ImportFlow[R, erp.Term], kind erp.TermKind, more ...mapping.MatchRule[erp.Term, R]) mapping.Match[erp.Term, R] {
	return mapping.Match[erp.Term, R]{
		Entity: read.Entity, Label: read.Label, Records: termRecords(kind, nil),
		Read: read.Source, Describe: read.Describe, Content: read.Map,
		Name: func(t erp.Term) string { return t.Name },
		Rules: append([]mapping.MatchRule[erp.Term, R]{
			{Name: "slug", Default: true, Keys: func(t erp.Term) []string { return []string{slugOf(t)} }},
		}, more...),
	}
}

// byName matches terms by their names.
func byName[R any]() mapping.MatchRule[erp.Term, R] {
	return mapping.MatchRule[erp.Term, R]{Name: "name", Default: true, Keys: termName}
}

func termName(t erp.Term) []string { return []string{mapping.Plain(t.Name)} }

// slugOf gives the slug of a term. Those of attributes may be written with what WordPress puts before them.
func slugOf(t erp.Term) string {
	if t.Kind == erp.Attribute {
		return strings.TrimPrefix(strings.ToLower(t.Code), attributePrefix)
	}
	return t.Code
}

// CategoryMatch matches categories by slug, and then by their place in the tree.
var CategoryMatch = mapping.Matching(categoryMatch())

func categoryMatch() mapping.Match[erp.Term, woo.Category] {
	m := termMatch(Categories, erp.Category,
		mapping.MatchRule[erp.Term, woo.Category]{Name: mapping.PathRule, Default: true, Keys: termName},
		mapping.MatchRule[erp.Term, woo.Category]{Name: "name", Keys: termName})
	m.Parent = func(t erp.Term) erp.Key { return t.Parent }
	return m
}

// TagMatch, BrandMatch and ShippingClassMatch match terms that stand in one list.
var (
	TagMatch           = mapping.Matching(termMatch(Tags, erp.Tag, byName[woo.Tag]()))
	BrandMatch         = mapping.Matching(termMatch(Brands, erp.Brand, byName[woo.Brand]()))
	ShippingClassMatch = mapping.Matching(termMatch(ShippingClasses, erp.ShippingClass, byName[woo.ShippingClass]()))
)

// AttributeMatch matches attributes, and their values by name within them.
var AttributeMatch = mapping.Matching(attributeMatch())

func attributeMatch() mapping.Match[erp.Term, attributeRecord] {
	m := termMatch(Attributes, erp.Attribute, byName[attributeRecord]())
	m.Parts = func(have, held erp.Term) map[erp.Key]string {
		ids := map[string]string{}
		for _, value := range held.Values {
			if id, pending := erp.PendingID(value.Key); pending {
				ids[strings.ToLower(value.Name)] = id
			}
		}
		parts := map[erp.Key]string{}
		for _, value := range have.Values {
			if id := ids[strings.ToLower(value.Name)]; id != "" {
				parts[value.Key] = id
			}
		}
		return parts
	}
	return m
}
