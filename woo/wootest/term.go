package wootest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// The taxonomies with a fixed name; each attribute adds one named by its slug.
const (
	categories      = "product_cat"
	tags            = "product_tag"
	brands          = "product_brand"
	shippingClasses = "product_shipping_class"
)

// term is one category, tag, brand, shipping class or attribute option.
type term struct {
	ID       int `json:"-"`
	taxonomy string
	count    int // products that have it

	Name        text     `json:"name"`
	Slug        text     `json:"slug"`
	Parent      integer  `json:"parent"`
	Description text     `json:"description"`
	Display     text     `json:"display"`
	MenuOrder   integer  `json:"menu_order"`
	Image       *picture `json:"image"`
}

var errNoTerm = fail(http.StatusNotFound, "woocommerce_rest_term_invalid", "Resource does not exist.")

func (s *Server) routeTerms() {
	for pattern, taxonomy := range map[string]string{
		"products/categories": categories, "products/tags": tags, "products/brands": brands,
		"products/shipping_classes": shippingClasses,
	} {
		res := s.termResource(pattern, func(*call) (string, error) { return taxonomy, nil })
		res.mountBatch(&s.router)
		res.mount(&s.router)
	}
	options := s.termResource("products/attributes/#/terms", s.taxonomyOfAttribute)
	options.mountBatch(&s.router)
	options.mount(&s.router)
}

// termResource serves the terms of one taxonomy, which may depend on the path.
func (s *Server) termResource(pattern string, taxonomyOf func(*call) (string, error)) *resource[term] {
	return &resource[term]{
		pattern:   pattern,
		records:   s.terms,
		orders:    []string{"name", "id", "include", "slug", "term_group", "description", "count"},
		ascending: true,
		scope: func(c *call) ([]int, error) {
			taxonomy, err := taxonomyOf(c)
			return s.termIDs(taxonomy), err
		},
		filter:   s.termFilter,
		sortText: termSortText,
		owned: func(c *call, t *term) error {
			taxonomy, err := taxonomyOf(c)
			if err == nil && t.taxonomy != taxonomy {
				err = errNoTerm
			}
			return err
		},
		encode: encodeTerm,
		links: func(e *encoder, c *call, t *term) {
			up, path := "", c.path(pattern)
			if t.Parent != 0 {
				up = fmt.Sprintf("%s/%d", path, t.Parent)
			}
			c.links(e, path, t.ID, allMethods, up)
		},
		write: func(c *call, old *term, in []byte) (*term, error) {
			taxonomy, err := taxonomyOf(c)
			if err != nil {
				return nil, err
			}
			return s.writeTerm(taxonomy, old, in)
		},
		remove:  s.removeTerm,
		missing: errNoTerm,
	}
}

func (s *Server) termIDs(taxonomy string) []int {
	ids := []int{}
	for t := range s.terms.records {
		if t.taxonomy == taxonomy {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

func (s *Server) termFilter(c *call) (func(*term) bool, error) {
	search, slugs := strings.ToLower(c.param("search")), c.params("slug")
	parents, products := c.ids("parent"), c.ids("product")
	hideEmpty := truthy(c.param("hide_empty"))
	var of []int
	if len(products) > 0 {
		if p := s.products.get(products[0]); p != nil {
			of = p.termIDs()
		}
	}
	return func(t *term) bool {
		return strings.Contains(strings.ToLower(string(t.Name)), search) &&
			(len(slugs) == 0 || slices.Contains(slugs, string(t.Slug))) &&
			(len(parents) == 0 || slices.Contains(parents, int(t.Parent))) &&
			(len(products) == 0 || slices.Contains(of, t.ID)) &&
			(!hideEmpty || t.count > 0)
	}, nil
}

func termSortText(t *term, by string) string {
	switch by {
	case "slug":
		return string(t.Slug)
	case "description":
		return string(t.Description)
	case "count":
		return fmt.Sprintf("%12d", t.count)
	}
	return strings.ToLower(string(t.Name))
}

func (s *Server) writeTerm(taxonomy string, old *term, in []byte) (*term, error) {
	next := term{taxonomy: taxonomy, Display: "default"}
	if old != nil {
		next = *old
	}
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if next.Name == "" {
		return nil, missingParam("name")
	}
	if next.Parent != 0 && s.termIn(taxonomy, int(next.Parent)) == nil {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_term_invalid", "Parent resource does not exist.")
	}
	if err := s.checkTermName(&next); err != nil {
		return nil, err
	}
	if next.Slug == "" {
		next.Slug = text(slugify(string(next.Name)))
	}
	next.Slug = text(unique(slugify(string(next.Slug)), func(slug string) bool { return s.slugTaken(&next, slug) }))
	if old == nil {
		next.ID = take(&s.counters.term)
	}
	s.terms.put(&next)
	return &next, nil
}

// checkTermName refuses a second term of the same name under the same parent.
func (s *Server) checkTermName(t *term) error {
	for other := range s.terms.records {
		if other.taxonomy == t.taxonomy && other.ID != t.ID && other.Parent == t.Parent &&
			strings.EqualFold(string(other.Name), string(t.Name)) {
			e := fail(http.StatusBadRequest, "term_exists", "A term with the name provided already exists with this parent.")
			e.data = map[string]any{"status": e.status, "resource_id": other.ID}
			return e
		}
	}
	return nil
}

func (s *Server) slugTaken(t *term, slug string) bool {
	for other := range s.terms.records {
		if other.taxonomy == t.taxonomy && other.ID != t.ID && string(other.Slug) == slug {
			return true
		}
	}
	return false
}

// termIn gives the term when it belongs to the taxonomy.
func (s *Server) termIn(taxonomy string, id int) *term {
	if t := s.terms.get(id); t != nil && t.taxonomy == taxonomy {
		return t
	}
	return nil
}

func (s *Server) removeTerm(_ *call, t *term, force bool) error {
	if !force {
		return noTrash("Resource does not support trashing.")
	}
	s.terms.remove(t.ID)
	return nil
}

// noTrash is the reply to a delete without force on what has no trash.
func noTrash(message string) *restError {
	return fail(http.StatusNotImplemented, "woocommerce_rest_trash_not_supported", message)
}

func encodeTerm(e *encoder, _ *call, t *term) {
	e.open('{')
	e.num("id", t.ID)
	e.label("name", string(t.Name))
	e.str("slug", string(t.Slug))
	e.str("description", string(t.Description))
	switch t.taxonomy {
	case categories, brands:
		e.num("parent", int(t.Parent))
		e.str("display", string(t.Display))
		e.picture("image", t.Image)
		e.num("menu_order", int(t.MenuOrder))
	case tags, shippingClasses:
	default:
		e.num("menu_order", int(t.MenuOrder))
	}
	e.num("count", t.count)
}
