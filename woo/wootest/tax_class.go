package wootest

import (
	"net/http"
	"slices"
)

func (s *Server) listTaxClasses(c *call) (*reply, error) {
	r := s.taxClassReply(c, http.StatusOK, s.taxClasses)
	r.paged(c, page{number: 1, size: maxPageSize}, len(s.taxClasses))
	return r, nil
}

// taxClassReply writes classes as a list: so does WooCommerce even for one.
func (s *Server) taxClassReply(c *call, status int, classes []taxClass) *reply {
	e := c.encoder()
	e.open('[')
	for _, class := range classes {
		encodeTaxClass(e, c, class)
	}
	e.close(']')
	return newReply(status, e.b)
}

func encodeTaxClass(e *encoder, c *call, class taxClass) {
	e.open('{')
	e.str("slug", class.Slug)
	e.str("name", class.Name)
	e.object("_links")
	c.link(e, "collection", "taxes/classes")
	e.b = append(e.b, "}}"...)
}

func (s *Server) findTaxClass(slug string) int {
	return slices.IndexFunc(s.taxClasses, func(class taxClass) bool { return class.Slug == slug })
}

func (s *Server) getTaxClass(c *call) (*reply, error) {
	at := s.findTaxClass(c.vars[0])
	if at < 0 {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_tax_class_invalid_slug", "Invalid slug.")
	}
	return s.taxClassReply(c, http.StatusOK, s.taxClasses[at:at+1]), nil
}

func (s *Server) createTaxClass(c *call) (*reply, error) {
	var in struct {
		Name text `json:"name"`
	}
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	if in.Name == "" {
		return nil, missingParam("name")
	}
	class := taxClass{Slug: slugify(string(in.Name)), Name: string(in.Name)}
	if s.findTaxClass(class.Slug) >= 0 {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_tax_class_exists", "Cannot create existing resource.")
	}
	s.taxClasses = append(s.taxClasses, class)
	e := c.encoder()
	encodeTaxClass(e, c, class)
	return newReply(http.StatusCreated, e.b), nil
}

func (s *Server) deleteTaxClass(c *call) (*reply, error) {
	at := s.findTaxClass(c.vars[0])
	if !truthy(c.param("force")) {
		return nil, noTrash("Taxes do not support trashing.")
	}
	if at < 0 {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_invalid_id", "Invalid resource id.")
	}
	e := c.encoder()
	encodeTaxClass(e, c, s.taxClasses[at])
	s.taxClasses = slices.Delete(s.taxClasses, at, at+1)
	return newReply(http.StatusOK, e.b), nil
}
