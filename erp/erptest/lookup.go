package erptest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var lookupTests = []test{
	{"keys resolve in order", lookupKeepsOrder},
	{"an adopted record lands under its new key", adoptBinds},
	{"every entity can be adopted", adoptEntities},
	{"an adopted variant is named by its product", adoptVariant},
	{"what is not there cannot be adopted", adoptRefuses},
	{"adopting moves the key", adoptMoves},
	{"an order is one order of a store", selling(adoptKeepsOrders)},
	{"a released key names nothing, and its record stays", releaseFrees},
}

// lookup resolves keys and requires one answer for each.
func lookup(t *testing.T, s shop, keys ...erp.Key) []string {
	t.Helper()
	ids, err := s.Lookup(t.Context(), keys)
	require.NoError(t, err)
	require.Len(t, ids, len(keys))
	return ids
}

func lookupKeepsOrder(t *testing.T, s shop) {
	landed := land(t, s, putPartners, []erp.Partner{s.customer(1), s.customer(2)}, erp.Created, erp.Created)
	unknown := s.key("customer", 404)
	ids := lookup(t, s, s.key("customer", 2), unknown, s.key("customer", 1), s.key("customer", 2), s.key("order", 2))
	require.Equal(t, []string{landed[1].ID, "", landed[0].ID, landed[1].ID, ""}, ids)
	require.Empty(t, lookup(t, s))
}

func adoptBinds(t *testing.T, s shop) {
	other := shop{Backend: s.Backend, Batcher: s.Batcher, instance: s.instance + "-2"}
	mine := land(t, other, putPartners, []erp.Partner{other.customer(9)}, erp.Created)[0]

	require.NoError(t, s.Adopt(t.Context(), s.key("customer", 1), mine.ID))

	require.Equal(t, []string{mine.ID}, lookup(t, s, s.key("customer", 1)))
	require.Equal(t, mine.ID, land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Updated)[0].ID)
	require.Equal(t, mine.ID, land(t, other, putPartners, []erp.Partner{other.customer(9)}, erp.Updated)[0].ID)
	require.NoError(t, s.Adopt(t.Context(), s.key("customer", 1), mine.ID), "adopting again changes nothing")
}

func releaseFrees(t *testing.T, s shop) {
	product := land(t, s, putProducts, []erp.Product{s.product(1)}, erp.Created)[0].ID
	tax := land(t, s, putTaxes, []erp.Tax{s.tax(1)}, erp.Created)[0].ID
	for entity, id := range map[string]string{"product": product, "tax": tax} {
		key := s.key(entity, 1)
		require.NoError(t, s.Release(t.Context(), key))
		require.Equal(t, []string{""}, lookup(t, s, key), "the key names nothing")
		require.NoError(t, s.Release(t.Context(), key), "releasing again changes nothing")
		require.NoError(t, s.Adopt(t.Context(), key, id), "the record is still there")
		require.Equal(t, []string{id}, lookup(t, s, key))
	}
	require.Equal(t, fault.Invalid, fault.KindOf(s.Release(t.Context(), s.key("invoice", 1))))
}

func adoptEntities(t *testing.T, s shop) {
	ids := map[string]string{
		"category":   land(t, s, putTerms, []erp.Term{s.category(1)}, erp.Created)[0].ID,
		"attribute":  land(t, s, putTerms, []erp.Term{s.attribute(1)}, erp.Created)[0].ID,
		"tax":        land(t, s, putTaxes, []erp.Tax{s.tax(1)}, erp.Created)[0].ID,
		"price_list": land(t, s, putPriceLists, []erp.PriceList{s.priceList(1)}, erp.Created)[0].ID,
		"product":    land(t, s, putProducts, []erp.Product{s.product(1)}, erp.Created)[0].ID,
		"coupon":     land(t, s, putCoupons, []erp.Coupon{s.coupon(1)}, erp.Created)[0].ID,
		"customer":   land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)[0].ID,
		"guest":      lookup(t, s, s.key("customer", 1))[0],
		"address":    lookup(t, s, s.key("address", 1))[0],
	}
	for entity, id := range ids {
		require.NoError(t, s.Adopt(t.Context(), s.key(entity, 77), id), entity)
		require.Equal(t, []string{id}, lookup(t, s, s.key(entity, 77)), entity)
	}
}

func adoptVariant(t *testing.T, s shop) {
	land(t, s, putProducts, []erp.Product{s.variable(1, 11, 12)}, erp.Created)
	ids := lookup(t, s, s.key("product", 1), s.key("product", 12))
	require.True(t, strings.HasPrefix(ids[1], ids[0]+"/"), "%s names its product %s", ids[1], ids[0])

	require.NoError(t, s.Adopt(t.Context(), s.key("product", 99), ids[1]))

	require.Equal(t, ids[1:], lookup(t, s, s.key("product", 99)))
	require.Equal(t, fault.NotFound, fault.KindOf(s.Adopt(t.Context(), s.key("product", 98), ids[0]+"/999999999")))
}

// adoptKeepsOrders are orders, each of which is booked: two of a store's in one of the ERP would undo each other.
func adoptKeepsOrders(s *store) {
	landed := s.lands(erp.Created, s.order(1, s.goods(sticker, "1", "1")), s.order(2, s.goods(sticker, "2", "2")))
	for _, id := range []int{2, 3} {
		err := s.Adopt(s.t.Context(), s.key("order", id), landed[0].ID)
		require.Equal(s.t, fault.Conflict, fault.KindOf(err))
		require.ErrorContains(s.t, err, s.key("order", 1).String())
	}
	require.Equal(s.t, []string{landed[0].ID, landed[1].ID, ""}, lookup(s.t, s.shop, s.key("order", 1), s.key("order", 2), s.key("order", 3)))
	require.NoError(s.t, s.Adopt(s.t.Context(), s.key("order", 1), landed[0].ID), "its own")
}

func adoptRefuses(t *testing.T, s shop) {
	category := land(t, s, putTerms, []erp.Term{s.category(1)}, erp.Created)[0]
	for _, refused := range []struct {
		key  erp.Key
		id   string
		kind fault.Kind
	}{
		{s.key("customer", 1), "999999999", fault.NotFound},
		{s.key("tag", 1), category.ID, fault.NotFound},
		{s.key("product", 1), "999999999", fault.NotFound},
		{s.key("customer", 1), "no id", fault.Invalid},
		{s.key("no_such_entity", 1), category.ID, fault.Invalid},
		{erp.Key{}, category.ID, fault.Invalid},
	} {
		err := s.Adopt(t.Context(), refused.key, refused.id)
		require.Equal(t, refused.kind, fault.KindOf(err), "%s as %q: %v", refused.key, refused.id, err)
	}
	require.Equal(t, []string{"", ""}, lookup(t, s, s.key("customer", 1), s.key("tag", 1)))
}

func adoptMoves(t *testing.T, s shop) {
	landed := land(t, s, putProducts, []erp.Product{s.product(1), s.product(2)}, erp.Created, erp.Created)
	require.NoError(t, s.Adopt(t.Context(), s.key("product", 2), landed[0].ID))
	require.Equal(t, []string{landed[0].ID, landed[0].ID}, lookup(t, s, s.key("product", 1), s.key("product", 2)))
	outcomes := land(t, s, putProducts, []erp.Product{s.product(1), s.product(2)}, erp.Unchanged, erp.Updated)
	require.Equal(t, outcomes[0].ID, outcomes[1].ID)
}
