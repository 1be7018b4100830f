package ledger_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/fault"
	"tandem/schema/schematest"
)

func ownPrice(kind erp.PriceKind, amount string) erp.Price {
	return erp.Price{
		List:   erp.Key{Instance: erp.OwnInstance, Entity: "price_list", ID: erp.PriceListID(kind, "EUR")},
		Amount: decimal.RequireFromString(amount),
	}
}

func shirt() erp.Product {
	return erp.Product{
		Kind: erp.Variable, Name: "Shirt", Status: "publish", Taxable: true, TaxClass: "standard",
		Attributes: []erp.ProductAttribute{{Name: "Size", Values: []string{"S", "M"}, Variation: true}},
		Variants: []erp.Variant{
			{SKU: "S-S", Active: true, Options: []erp.Option{{Attribute: "Size", Value: "S"}}, Prices: []erp.Price{ownPrice(erp.Regular, "20")}},
			{SKU: "S-M", Active: true, Options: []erp.Option{{Attribute: "Size", Value: "M"}}, Prices: []erp.Price{ownPrice(erp.Regular, "20")}},
		},
	}
}

func TestARequestMakesOneProduct(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	desk := books.Products()
	made, err := desk.Create(t.Context(), "request-1", shirt())
	require.NoError(t, err)
	require.Len(t, made.Record.Variants, 2)
	require.Equal(t, "20", made.Record.Variants[0].Prices[0].Amount.String())

	edited := made.Record
	edited.Name = "Better shirt"
	now, err := desk.Update(t.Context(), made, edited)
	require.NoError(t, err)
	again, err := desk.Create(t.Context(), "request-1", shirt())
	require.NoError(t, err)
	require.Equal(t, now, again, "a lost answer is repeated with what the record is by now")

	page, err := desk.Search(t.Context(), erp.RecordSearch{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Records, 1)
}

func TestProductsAreChanged(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	desk := books.Products()
	made, err := desk.Create(t.Context(), "request-1", shirt())
	require.NoError(t, err)

	edited := made.Record
	small := edited.Variants[0]
	edited.Variants = []erp.Variant{small, {SKU: "S-L", Active: true}}
	now, err := desk.Update(t.Context(), made, edited)
	require.NoError(t, err)
	require.NotEqual(t, made.Number, now.Number)
	sold := map[string]bool{}
	for _, v := range now.Record.Variants {
		sold[v.SKU] = v.Active
	}
	require.Equal(t, map[string]bool{"S-S": true, "S-M": false, "S-L": true}, sold, "what is left out stays, and is not sold any more")

	_, err = desk.Update(t.Context(), made, edited)
	require.Equal(t, erp.ChangedMeanwhile, fault.From(err).Code)
	_, err = desk.Get(t.Context(), "4711")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	edited = now.Record
	edited.Categories = []erp.Key{erp.OwnKey("category", "4711")}
	edited.Variants = slices.Clone(edited.Variants)
	edited.Variants[0].Key = erp.OwnKey("product", now.ID+"/4711")
	_, err = desk.Update(t.Context(), now, edited)
	require.ErrorContains(t, err, "categories[0]: there is no category 4711 in the ledger")
	require.ErrorContains(t, err, "variants[0].id: there is no product "+now.ID+"/4711 in the ledger")
	unchanged, err := desk.Get(t.Context(), now.ID)
	require.NoError(t, err)
	require.Equal(t, now, unchanged, "nothing is half written")
}

// A record that came from a store is changed like any other: the feed of changes tells it, and what the store holds is no longer it.
func TestARecordOfAStoreIsChanged(t *testing.T) {
	t.Parallel()
	database := schematest.New(t)
	books := ledger.Open(database)
	category := erp.Term{Key: benchKey("category", 1), Kind: erp.Category, Name: "Lamps", Active: true}
	_, err := books.UpsertTerms(t.Context(), []erp.Term{category})
	require.NoError(t, err)
	key := benchKey("product", 1)
	lamp := erp.Product{
		Key: key, Kind: erp.Simple, Name: "Lamp", Status: "publish", SKU: "L-1", Categories: []erp.Key{category.Key},
		Variants: []erp.Variant{{Key: key, SKU: "L-1", Active: true, TrackStock: true}},
	}
	outcomes, err := books.UpsertProducts(t.Context(), []erp.Product{lamp})
	require.NoError(t, err)
	feed, err := books.ListProducts(t.Context(), erp.RecordQuery{Instance: key.Instance, Limit: 10})
	require.NoError(t, err)
	require.True(t, feed.Done)

	before, err := books.Products().Get(t.Context(), outcomes[0].ID)
	require.NoError(t, err)
	edited := before.Record
	edited.Name = "Better lamp"
	_, err = books.Products().Update(t.Context(), before, edited)
	require.NoError(t, err)

	schematest.AwaitTransactions(t, database)
	told, err := books.ListProducts(t.Context(), erp.RecordQuery{Instance: key.Instance, After: feed.Next, Limit: 10})
	require.NoError(t, err)
	require.Len(t, told.Records, 1)
	record := told.Records[0].Record
	require.Equal(t, "Better lamp", record.Name)
	require.Equal(t, []erp.Key{category.Key}, record.Categories, "a store sees its own keys")
	require.Equal(t, []erp.Key{key, key}, []erp.Key{record.Key, record.Variants[0].Key})
	outcomes, err = books.UpsertProducts(t.Context(), []erp.Product{lamp})
	require.NoError(t, err)
	require.Equal(t, erp.Updated, outcomes[0].Status, "it is not what the store holds")
}

// Prices of the ledger are every store's, until a store has its own. What one store says changes no other's.
func TestOwnPricesStandForThoseOfStores(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	made, err := books.Products().Create(t.Context(), "request-1", erp.Product{
		Kind: erp.Simple, Name: "Lamp", Status: "publish",
		Variants: []erp.Variant{{Active: true, Prices: []erp.Price{ownPrice(erp.Regular, "20"), ownPrice(erp.Sale, "15")}}},
	})
	require.NoError(t, err)
	priceIn := func(instance string) []string {
		page, err := books.ListProducts(t.Context(), erp.RecordQuery{Instance: instance, IDs: []string{made.ID}, Limit: 1})
		require.NoError(t, err)
		var prices []string
		for _, p := range page.Records[0].Record.Variants[0].Prices {
			require.Equal(t, instance, p.List.Instance)
			prices = append(prices, p.List.ID+" "+p.Amount.String())
		}
		return prices
	}
	require.Equal(t, []string{"regular-EUR 20", "sale-EUR 15"}, priceIn("demo"))

	key := erp.Key{Instance: "demo", Entity: "product", ID: "1"}
	list := erp.Key{Instance: "demo", Entity: "price_list", ID: "regular-EUR"}
	require.NoError(t, books.Adopt(t.Context(), key, made.ID))
	_, err = books.UpsertPriceLists(t.Context(), []erp.PriceList{{Key: list, Name: "Demo Regular EUR", Kind: erp.Regular, Currency: "EUR"}})
	require.NoError(t, err)
	outcomes, err := books.UpsertProducts(t.Context(), []erp.Product{{
		Key: key, Kind: erp.Simple, Name: "Lamp", Status: "publish",
		Variants: []erp.Variant{{Key: key, Active: true, Prices: []erp.Price{{List: list, Amount: decimal.NewFromInt(30)}}}},
	}})
	require.NoError(t, err)
	require.True(t, outcomes[0].Landed(), outcomes[0].Reason)
	require.Equal(t, []string{"regular-EUR 30"}, priceIn("demo"))
	require.Equal(t, []string{"regular-EUR 20", "sale-EUR 15"}, priceIn("other"))

	unknown := erp.Product{Kind: erp.Simple, Name: "Lamp", Variants: []erp.Variant{{Prices: []erp.Price{ownPrice(erp.Regular, "1")}}}}
	unknown.Variants[0].Prices[0].List.ID = "regular-XXX"
	_, err = books.Products().Create(t.Context(), "request-2", unknown)
	require.Equal(t, "prices[0].currency", fault.From(err).Field)
}

func TestCustomersAreMadeAndChanged(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	desk := books.Partners()
	ada, err := desk.Create(t.Context(), "request-1", erp.Partner{Name: "Ada", Email: "Ada@example.com", Addresses: []erp.Address{
		{Kind: erp.InvoiceAddress, City: "London"}, {Kind: erp.DeliveryAddress, City: "Leeds"}}})
	require.NoError(t, err)
	_, err = desk.Create(t.Context(), "request-2", erp.Partner{Name: "Twin", Email: " ada@EXAMPLE.com"})
	require.ErrorContains(t, err, "email: customer "+ada.ID+" has this e-mail")
	bob, err := desk.Create(t.Context(), "request-2", erp.Partner{Name: "Bob", Email: "bob@example.com"})
	require.NoError(t, err)

	stolen := bob.Record
	stolen.Addresses = ada.Record.Addresses
	_, err = desk.Update(t.Context(), bob, stolen)
	require.ErrorContains(t, err, "addresses[0].id")

	edited := ada.Record
	edited.Phone = "12"
	edited.Addresses = []erp.Address{ada.Record.Addresses[0], {Kind: erp.OtherAddress, City: "York"}}
	edited.Addresses[0].City = "Bath"
	now, err := desk.Update(t.Context(), ada, edited)
	require.NoError(t, err)
	require.Equal(t, "12", now.Record.Phone)
	var cities []string
	for _, a := range now.Record.Addresses {
		cities = append(cities, a.City)
	}
	require.Equal(t, []string{"Bath", "York"}, cities)
	require.Equal(t, ada.Record.Addresses[0].Key, now.Record.Addresses[0].Key, "it is the same address")

	for text, found := range map[string]int{"ADA@": 1, "example.com": 2, "a%a": 0, "": 2} {
		page, err := desk.Search(t.Context(), erp.RecordSearch{Text: text, Limit: 10})
		require.NoError(t, err)
		require.Len(t, page.Records, found, text)
	}
}

func TestAnAddressOnAnOrderStays(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 3, 1)
	s.landed(s.UpsertOrders(t.Context(), s.batch(1)))
	page, err := s.Partners().Search(t.Context(), erp.RecordSearch{Limit: 1})
	require.NoError(t, err)
	without := page.Records[0].Record
	without.Addresses = nil
	_, err = s.Partners().Update(t.Context(), page.Records[0], without)
	require.Equal(t, "addresses", fault.From(err).Field)
	require.ErrorContains(t, err, "stands on orders")
}

func TestTermsAreMadeAndChanged(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	categories := books.Terms(erp.Category)
	parent, err := categories.Create(t.Context(), "request-1", erp.Term{Kind: erp.Category, Name: "Light", Active: true})
	require.NoError(t, err)
	child, err := categories.Create(t.Context(), "request-2", erp.Term{Kind: erp.Category, Name: "Lamps", Active: true, Parent: erp.OwnKey("category", parent.ID)})
	require.NoError(t, err)
	require.Equal(t, erp.OwnKey("category", parent.ID), child.Record.Parent)
	circle := parent.Record
	circle.Parent = erp.OwnKey("category", child.ID)
	_, err = categories.Update(t.Context(), parent, circle)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	_, err = books.Terms(erp.Tag).Get(t.Context(), parent.ID)
	require.Equal(t, fault.NotFound, fault.KindOf(err), "a category is no tag")

	colour, err := books.Terms(erp.Attribute).Create(t.Context(), "request-3", erp.Term{Kind: erp.Attribute, Name: "Colour", Active: true,
		Values: []erp.Term{{Kind: erp.AttributeValue, Name: "Red", Active: true}}})
	require.NoError(t, err)
	more := colour.Record
	more.Values = append(more.Values, erp.Term{Kind: erp.AttributeValue, Name: "Green", Active: true})
	now, err := books.Terms(erp.Attribute).Update(t.Context(), colour, more)
	require.NoError(t, err)
	require.Len(t, now.Record.Values, 2)
	require.NotEqual(t, colour.Number, now.Number)
}

func TestSearchGoesPageByPage(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	for i := range 5 {
		_, err := books.Terms(erp.Tag).Create(t.Context(), "request-"+strconv.Itoa(i), erp.Term{Kind: erp.Tag, Name: "Tag " + strconv.Itoa(i), Active: true})
		require.NoError(t, err)
	}
	var names []string
	q := erp.RecordSearch{Limit: 2}
	for {
		page, err := books.Terms(erp.Tag).Search(t.Context(), q)
		require.NoError(t, err)
		for _, r := range page.Records {
			names = append(names, r.Record.Name)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	require.Equal(t, []string{"Tag 4", "Tag 3", "Tag 2", "Tag 1", "Tag 0"}, names)
	_, err := books.Terms(erp.Tag).Search(t.Context(), erp.RecordSearch{After: "x", Limit: 1})
	require.Equal(t, "after", fault.From(err).Field)
}
