package wootest

import (
	"slices"
	"time"
)

// catalog is the product side of a store.
type catalog struct {
	products   *collection[product]
	variations *collection[product]
	children   map[int][]int // variations created after the start, by parent
	terms      *collection[term]
	attributes *collection[attribute]
	skus       map[string]int // of stored products and variations
	gtins      map[string]int
	plan       productPlan
}

// childIDs gives the variations of a product, ascending.
func (s *Server) childIDs(parent int) []int {
	ids := []int{}
	if i, ok := s.plan.variableIndex(parent); ok {
		for k := range s.plan.variationCount(i) {
			if id := s.plan.variationID(i, k); s.variations.has(id) {
				ids = append(ids, id)
			}
		}
	}
	return append(ids, s.children[parent]...)
}

// lookup gives a product or a variation.
func (s *Server) lookup(id int) *product {
	if p := s.products.get(id); p != nil {
		return p
	}
	return s.variations.get(id)
}

// putProduct stores a product or variation and keeps the indexes right.
func (s *Server) putProduct(p *product) {
	if old := s.lookup(p.ID); old != nil {
		s.delist(old)
	}
	if p.Status != "trash" {
		s.enlist(p)
	}
	if !p.isVariation() {
		s.products.put(p)
		return
	}
	if !s.variations.isSeeded(p.ID) && !slices.Contains(s.children[p.Parent], p.ID) {
		s.children[p.Parent] = append(s.children[p.Parent], p.ID)
	}
	s.variations.put(p)
}

// seedCatalog lays out the ids of products and variations and creates the few terms and attributes.
func (s *Server) seedCatalog() {
	o := s.opts
	s.terms = newCollection(func(t *term) head { return head{id: t.ID} })
	s.attributes = newCollection(func(a *attribute) head { return head{id: a.ID} })
	s.children, s.skus, s.gtins = map[int][]int{}, map[string]int{}, map[string]int{}
	s.plan = productPlan{seed: o.Seed, count: o.Products, variable: spread{k: o.Variable, n: o.Products},
		first: firstProduct, firstVariation: firstProduct + o.Products,
		start: o.Until.Add(-365 * 24 * time.Hour).Unix()}
	s.terms.put(&term{ID: uncategorized, taxonomy: categories, Name: "Uncategorized", Slug: "uncategorized", Display: "default"})
	s.counters.term = uncategorized
	if o.populated() {
		s.seedTerms()
	}

	s.products = newCollection(headOfProduct)
	s.products.first, s.products.seeded = s.plan.first, o.Products
	s.products.seed, s.products.seedHead = s.plan.product, s.plan.head
	s.variations = newCollection(headOfProduct)
	s.variations.first, s.variations.seeded = s.plan.firstVariation, o.Variable*maxVariations
	s.variations.seed, s.variations.seedHead = s.plan.variation, s.plan.variationHead
	s.counters.post = s.variations.first + s.variations.seeded
	s.plan.firstImage = s.counters.post
	s.counters.post += o.Products
	s.countTerms()
}

// seedTerms makes a category tree of four branches, tags, brands, a shipping class and two attributes.
func (s *Server) seedTerms() {
	for _, branch := range []struct {
		name   text
		leaves []text
	}{
		{"Food", []text{"Cheese", "Drinks", "Fruit"}}, {"Home", []text{"Kitchen", "Bedroom", "Garden"}},
		{"Clothing", []text{"Women", "Men", "Children"}}, {"Office", []text{"Paper", "Desks", "Écriture"}},
	} {
		top := s.seedTerm(categories, branch.name, 0)
		for _, leaf := range branch.leaves {
			s.plan.categories = append(s.plan.categories, s.seedTerm(categories, leaf, top))
		}
	}
	for _, name := range []text{"Organic", "New", "Bestseller", "Fair trade", "Gift", "Handmade"} {
		s.plan.tags = append(s.plan.tags, s.seedTerm(tags, name, 0))
	}
	for _, name := range []text{"Northwind", "Acme", "Lumen", "Oak & Sons", "Plain"} {
		s.plan.brands = append(s.plan.brands, s.seedTerm(brands, name, 0))
	}
	s.seedTerm(shippingClasses, "Heavy", 0)
	s.plan.heavy = "heavy"
	s.plan.colour = s.seedAttribute("Colour", colours)
	s.plan.size = s.seedAttribute("Size", sizes)
}

func (s *Server) seedTerm(taxonomy string, name text, parent int) int {
	t := term{ID: take(&s.counters.term), taxonomy: taxonomy, Name: name, Slug: text(slugify(string(name))),
		Parent: integer(parent), Display: "default"}
	s.terms.put(&t)
	return t.ID
}

func (s *Server) seedAttribute(name string, options []string) attribute {
	a := attribute{ID: take(&s.counters.attribute), Name: text(name), Slug: text("pa_" + slugify(name)), Type: "select",
		OrderBy: "menu_order"}
	s.attributes.put(&a)
	for i, option := range options {
		id := s.seedTerm(string(a.Slug), text(option), 0)
		s.terms.get(id).MenuOrder = integer(i)
	}
	return a
}

// countTerms counts the seeded products of each term.
func (s *Server) countTerms() {
	for i := range s.opts.Products {
		var probe product
		s.plan.file(&probe, i)
		for _, id := range probe.termIDs() {
			s.terms.get(id).count++
		}
	}
}
