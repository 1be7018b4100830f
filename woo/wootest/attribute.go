package wootest

import (
	"net/http"
	"strings"
)

// attribute is a product attribute shared by the whole shop; its options are the terms of the taxonomy in Slug.
type attribute struct {
	ID          int     `json:"-"`
	Name        text    `json:"name"`
	Slug        text    `json:"slug"`
	Type        text    `json:"type"`
	OrderBy     text    `json:"order_by"`
	HasArchives boolean `json:"has_archives"`
}

const maxAttributeSlug = 28

var errNoAttribute = fail(http.StatusNotFound, "woocommerce_rest_taxonomy_invalid", "Resource does not exist.")

func (s *Server) routeAttributes() {
	res := &resource[attribute]{
		pattern:   "products/attributes",
		records:   s.attributes,
		ascending: true,
		encode:    encodeAttribute,
		write:     s.writeAttribute,
		remove:    s.removeAttribute,
		missing:   errNoAttribute,
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

// taxonomyOfAttribute gives the taxonomy of the attribute the path names first.
func (s *Server) taxonomyOfAttribute(c *call) (string, error) {
	a := s.attributes.get(c.id(0))
	if a == nil {
		return "", fail(http.StatusNotFound, "woocommerce_rest_taxonomy_invalid", "Taxonomy does not exist.")
	}
	return string(a.Slug), nil
}

func (s *Server) writeAttribute(_ *call, old *attribute, in []byte) (*attribute, error) {
	next := attribute{Type: "select", OrderBy: "menu_order"}
	if old != nil {
		next = *old
	}
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if next.Name == "" {
		return nil, missingParam("name")
	}
	slug := strings.TrimPrefix(slugify(string(next.Slug)), "pa_")
	if slug == "" {
		slug = slugify(string(next.Name))
	}
	if len(slug) >= maxAttributeSlug {
		return nil, failf(http.StatusBadRequest, "woocommerce_rest_cannot_create",
			`Slug "%s" is too long (%d characters max). Shorten it, please.`, slug, maxAttributeSlug)
	}
	next.Slug = text("pa_" + slug)
	for other := range s.attributes.records {
		if other.Slug == next.Slug && other.ID != next.ID {
			return nil, failf(http.StatusBadRequest, "woocommerce_rest_cannot_create",
				`Slug "%s" is already in use. Change it, please.`, slug)
		}
	}
	s.renameTaxonomy(old, &next)
	if old == nil {
		next.ID = take(&s.counters.attribute)
	}
	s.attributes.put(&next)
	return &next, nil
}

// renameTaxonomy keeps the options with an attribute whose slug changes.
func (s *Server) renameTaxonomy(old, next *attribute) {
	if old == nil || old.Slug == next.Slug {
		return
	}
	for t := range s.terms.records {
		if t.taxonomy == string(old.Slug) {
			t.taxonomy = string(next.Slug)
			s.terms.put(t)
		}
	}
}

func (s *Server) removeAttribute(_ *call, a *attribute, force bool) error {
	if !force {
		return noTrash("Resource does not support trashing.")
	}
	for _, id := range s.termIDs(string(a.Slug)) {
		s.terms.remove(id)
	}
	s.attributes.remove(a.ID)
	return nil
}

func encodeAttribute(e *encoder, _ *call, a *attribute) {
	e.open('{')
	e.num("id", a.ID)
	e.str("name", string(a.Name))
	e.str("slug", string(a.Slug))
	e.str("type", string(a.Type))
	e.str("order_by", string(a.OrderBy))
	e.flag("has_archives", bool(a.HasArchives))
}
