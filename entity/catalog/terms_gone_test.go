package catalog

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// treeStub is an ERP in which terms of some keys have landed; it parks what names others, once per call.
type treeStub struct {
	entitytest.Ledger
	landed map[erp.Key]bool
}

func (s *treeStub) UpsertTerms(ctx context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	outcomes, err := s.Ledger.UpsertTerms(ctx, batch)
	for grew := true; grew; {
		grew = false
		for _, term := range batch {
			if !s.landed[term.Key] && (term.Parent.IsZero() || s.landed[term.Parent]) {
				s.landed[term.Key], grew = true, true
			}
		}
	}
	for i, term := range batch {
		if !s.landed[term.Key] {
			outcomes[i] = erp.Outcome{Key: term.Key, Status: erp.Parked, Code: "unknown_parent", Reason: "x", Waits: []erp.Key{term.Parent}}
		}
	}
	return outcomes, err
}

func (s *treeStub) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	outcomes, err := s.Ledger.UpsertProducts(ctx, batch)
	for i, p := range batch {
		named := append(append(append([]erp.Key{p.ShippingClass}, p.Categories...), p.Tags...), p.Brands...)
		for _, a := range p.Attributes {
			named = append(named, a.Key)
		}
		var waits []erp.Key
		for _, key := range named {
			if !key.IsZero() && !s.landed[key] {
				waits = append(waits, key)
			}
		}
		if len(waits) > 0 {
			outcomes[i] = erp.Outcome{Key: p.Key, Status: erp.Parked, Code: "unknown_category", Reason: "x", Waits: waits}
		}
	}
	return outcomes, err
}

func raws(texts ...string) []json.RawMessage {
	var list []json.RawMessage
	for _, text := range texts {
		list = append(list, json.RawMessage(text))
	}
	return list
}

func TestCategoriesWhoseParentTheStoreDoesNotList(t *testing.T) {
	for name, test := range map[string]struct {
		page   []woo.Category
		landed []woo.ID
		want   map[woo.ID]erp.Status
		top    []woo.ID // those that land at the top
	}{
		"a deleted parent": {[]woo.Category{{ID: 5, Parent: 99}}, nil, map[woo.ID]erp.Status{5: erp.Created}, []woo.ID{5}},
		"its children": {[]woo.Category{{ID: 5, Parent: 99}, {ID: 6, Parent: 5}, {ID: 7, Parent: 6}}, nil,
			map[woo.ID]erp.Status{5: erp.Created, 6: erp.Created, 7: erp.Created}, []woo.ID{5}},
		"a parent that comes later": {[]woo.Category{{ID: 5, Parent: 10}}, nil, map[woo.ID]erp.Status{5: erp.Parked}, nil},
		"one of each": {[]woo.Category{{ID: 5, Parent: 10}, {ID: 6, Parent: 99}}, nil,
			map[woo.ID]erp.Status{5: erp.Parked, 6: erp.Created}, []woo.ID{6}},
		"a parent that landed before": {[]woo.Category{{ID: 5, Parent: 98}}, []woo.ID{98}, map[woo.ID]erp.Status{5: erp.Created}, nil},
		"its own parent":              {[]woo.Category{{ID: 5, Parent: 5}}, nil, map[woo.ID]erp.Status{5: erp.Created}, []woo.ID{5}},
	} {
		t.Run(name, func(t *testing.T) {
			ec := entitytest.OddStore(t, oddstore.State{Categories: raws(`{"id":5}`, `{"id":6}`, `{"id":7}`, `{"id":10}`)})
			stub := &treeStub{landed: map[erp.Key]bool{}}
			for _, id := range test.landed {
				stub.landed[mapping.KeyOf(ec, categoryName, id)] = true
			}
			ec.Backend = stub
			results, err := entitytest.Land(context.Background(), ec, Categories, entitytest.PageOf(Categories, test.page...))
			require.NoError(t, err)
			parents := map[erp.Key]erp.Key{}
			for _, term := range stub.Terms {
				parents[term.Key] = term.Parent
			}
			for i, c := range test.page {
				require.Equal(t, test.want[c.ID], results[i].Status, c.ID)
				atTop := false
				for _, id := range test.top {
					atTop = atTop || id == c.ID
				}
				require.Equal(t, atTop, parents[mapping.KeyOf(ec, categoryName, c.ID)].IsZero(), c.ID)
			}
		})
	}
}

func TestProductsNamingTermsTheStoreDoesNotList(t *testing.T) {
	ec := entitytest.OddStore(t, oddstore.State{
		Categories: raws(`{"id":1}`), Attributes: raws(`{"id":4,"name":"Size"}`),
		Overrides: map[string]oddstore.Reply{"products/brands": {Status: 404, Body: json.RawMessage(`{"code":"rest_no_route","message":"x"}`)}},
	})
	stub := &treeStub{landed: map[erp.Key]bool{entitytest.Key("category", "1"): true, entitytest.Key("attribute", "4"): true}}
	ec.Backend = stub
	p := managed(1)
	p.Categories, p.Tags = []woo.TermRef{{ID: 1}, {ID: 2}}, []woo.TermRef{{ID: 3}}
	p.Brands, p.ShippingClassID = []woo.TermRef{{ID: 8}}, 9
	p.Attributes = []woo.ProductAttribute{{ID: 4, Name: "Size"}, {ID: 5, Name: "Colour", Options: []string{"Red"}}}
	waiting := managed(2)
	waiting.Categories = []woo.TermRef{{ID: 1}}
	delete(stub.landed, entitytest.Key("category", "1"))

	results, err := entitytest.Land(context.Background(), ec, Products, entitytest.PageOf(Products, p, waiting))
	require.NoError(t, err)
	require.Equal(t, erp.Parked, results[0].Status, "one of them has only not landed yet")
	require.Equal(t, []erp.Key{entitytest.Key("category", "1")}, results[0].Waits)
	require.Equal(t, []erp.Key{entitytest.Key("category", "1")}, results[1].Waits)

	stub.landed[entitytest.Key("category", "1")] = true
	results, err = entitytest.Land(context.Background(), ec, Products, entitytest.PageOf(Products, p, waiting))
	require.NoError(t, err)
	require.Equal(t, []erp.Status{erp.Created, erp.Created}, []erp.Status{results[0].Status, results[1].Status})
	landed := stub.Products[len(stub.Products)-1]
	require.Equal(t, []erp.Key{entitytest.Key("category", "1")}, landed.Categories)
	require.Empty(t, landed.Tags)
	require.Empty(t, landed.Brands)
	require.True(t, landed.ShippingClass.IsZero())
	require.Equal(t, []erp.Key{entitytest.Key("attribute", "4"), {}}, []erp.Key{landed.Attributes[0].Key, landed.Attributes[1].Key})
	require.Equal(t, []string{"Red"}, landed.Attributes[1].Values, "it stays the product's own")
	require.Len(t, p.Categories, 2)
	for _, what := range []string{"category 2", "tag 3", "brand 8", "shipping_class 9", "attribute 5"} {
		require.Contains(t, results[0].Steps, what+" left out: the store does not list it")
	}
}
