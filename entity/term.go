package entity

import (
	"html"
	"strings"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// noDates is why terms and settings cannot be filtered by date.
const noDates = "the store keeps no dates of them; choose all, or give ids"

// refuseRange is for entities without dates. A scan for changes reads them all instead: unchanged ones are not written.
var refuseRange = map[flow.FilterKind]string{flow.Range: noDates}

// importingTerms makes the flow of an entity that lands as terms.
func importingTerms[R any](s spec[R, erp.Term]) *flow.Flow[Context, R, erp.Term] {
	s.Refuses = refuseRange
	s.upsert = erp.Backend.UpsertTerms
	return importing(s)
}

// plain gives a name as people read it: WordPress keeps the names of terms HTML-escaped.
func plain(text string) string { return strings.TrimSpace(html.UnescapeString(text)) }

// termImage gives the picture of a category or brand by address; its bytes are not fetched.
func termImage(image *woo.Image) *erp.Image {
	if image == nil || image.Src == "" {
		return nil
	}
	return &erp.Image{URL: image.Src, Alt: image.Alt}
}
