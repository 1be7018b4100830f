package catalog

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

func TestMapRecordedCategories(t *testing.T) {
	for _, raw := range entitytest.RecordedList(t, "categories_list") {
		c, err := woo.Decode[woo.Category](raw)
		require.NoError(t, err)
		term, err := mapCategory(entitytest.Demo(), c)
		require.NoError(t, err)
		require.Equal(t, entitytest.Key("category", c.ID.String()), term.Key)
		require.Equal(t, erp.Category, term.Kind)
		require.NotEmpty(t, term.Name)
		require.Equal(t, c.Parent == 0, term.Parent.IsZero())
	}
	child, err := woo.Decode[woo.Category](entitytest.Recorded(t, "category_child_create"))
	require.NoError(t, err)
	term, err := mapCategory(entitytest.Demo(), child)
	require.NoError(t, err)
	require.Equal(t, entitytest.Key("category", child.Parent.String()), term.Parent)
}

func TestMapCategoryImage(t *testing.T) {
	term, err := mapCategory(entitytest.Demo(), woo.Category{
		ID: 1, Name: "Salt &amp; Pepper", Image: &woo.Image{Src: "https://shop.example.com/a.png", Alt: "A"},
	})
	require.NoError(t, err)
	require.Equal(t, "Salt & Pepper", term.Name)
	require.Equal(t, &erp.Image{URL: "https://shop.example.com/a.png", Alt: "A"}, term.Image)
}

func TestMapSmallTerms(t *testing.T) {
	tagged, err := woo.Decode[woo.Tag](entitytest.RecordedList(t, "tags_list")[0])
	require.NoError(t, err)
	branded, err := woo.Decode[woo.Brand](entitytest.Recorded(t, "brand_create"))
	require.NoError(t, err)
	classed, err := woo.Decode[woo.ShippingClass](entitytest.Recorded(t, "shipping_class_create"))
	require.NoError(t, err)

	term, err := mapTag(entitytest.Demo(), tagged)
	require.NoError(t, err)
	require.Equal(t, erp.Term{Key: entitytest.Key("tag", "34"), Kind: erp.Tag, Name: "Bio 03698", Code: "bio-03698", Active: true}, term)
	term, err = mapBrand(entitytest.Demo(), branded)
	require.NoError(t, err)
	require.Equal(t, erp.Term{Key: entitytest.Key("brand", "39"), Kind: erp.Brand, Name: "ACME 03698", Code: "acme-03698", Active: true}, term)
	term, err = mapShippingClass(entitytest.Demo(), classed)
	require.NoError(t, err)
	require.Equal(t, erp.Term{
		Key: entitytest.Key("shipping_class", "38"), Kind: erp.ShippingClass, Name: "Heavy 03698", Code: "heavy-03698", Active: true,
	}, term)
}

func TestBrandKeepsItsParentInMind(t *testing.T) {
	term, err := mapBrand(entitytest.Demo(), woo.Brand{ID: 2, Parent: 1, Name: "B"})
	require.NoError(t, err)
	require.True(t, term.Parent.IsZero(), "only categories form a tree")
	require.Equal(t, map[string]string{"parent": "1"}, term.Extra)
}

func TestMapRecordedAttribute(t *testing.T) {
	a, err := woo.Decode[woo.Attribute](entitytest.RecordedList(t, "attributes_list")[0])
	require.NoError(t, err)
	record := attributeRecord{Attribute: a}
	for _, raw := range entitytest.RecordedList(t, "attribute_terms_list") {
		term, err := woo.Decode[woo.AttributeTerm](raw)
		require.NoError(t, err)
		record.terms = append(record.terms, term)
	}
	term, err := mapAttribute(entitytest.Demo(), record)
	require.NoError(t, err)
	require.Equal(t, entitytest.Key("attribute", "1"), term.Key)
	require.Equal(t, "pa_color03698", term.Code)
	require.Len(t, term.Values, 3)
	require.Equal(t, erp.Term{
		Key: entitytest.Key("attribute_value", "37"), Kind: erp.AttributeValue, Name: "Bleu", Code: "bleu", Active: true,
	}, term.Values[0])
	require.Contains(t, string(Attributes.Describe(record).Raw), `"_terms":[{`)
}

func TestLandTermsAndCoupons(t *testing.T) {
	stub := &entitytest.Ledger{}
	ec := entitytest.Demo()
	ec.Backend = stub
	for _, land := range []func() ([]flow.Outcome, error){
		func() ([]flow.Outcome, error) {
			return entitytest.Land(context.Background(), ec, Tags, entitytest.PageOf(Tags, woo.Tag{ID: 1}))
		},
		func() ([]flow.Outcome, error) {
			return entitytest.Land(context.Background(), ec, Coupons, entitytest.PageOf(Coupons, woo.Coupon{ID: 1}))
		},
	} {
		results, err := land()
		require.NoError(t, err)
		require.Equal(t, erp.Created, results[0].Status)
	}
	require.Equal(t, []string{"terms 1", "coupons 1"}, stub.Calls)
}

func TestPositionOfManyNines(t *testing.T) {
	term, err := mapCategory(entitytest.Demo(), woo.Category{ID: 1, Name: "x", MenuOrder: 9999999999})
	require.NoError(t, err)
	require.Equal(t, 2147483647, term.Position)
}
