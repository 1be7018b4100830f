package mapping

import (
	"html"
	"strings"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// noDates is why terms and settings cannot be filtered by date.
const noDates = "the store keeps no dates of them; choose all, or give ids"

// RefuseRange is for entities without dates. A scan for changes reads them all instead: unchanged ones are not written.
var RefuseRange = map[flow.FilterKind]string{flow.Range: noDates}

// ImportingTerms makes the flow of an entity that lands as terms.
func ImportingTerms[R any](s Import[R, erp.Term]) *ImportFlow[R, erp.Term] {
	s.Refuses = RefuseRange
	s.Upsert = erp.Backend.UpsertTerms
	return Importing(s)
}

// Plain gives a name as people read it: WordPress keeps the names of terms HTML-escaped.
func Plain(text string) string { return strings.TrimSpace(html.UnescapeString(text)) }

// TermImage gives the picture of a category or brand by address; its bytes are not fetched.
func TermImage(image *woo.Image) *erp.Image {
	if image == nil || image.Src == "" {
		return nil
	}
	return &erp.Image{URL: image.Src, Alt: image.Alt}
}
