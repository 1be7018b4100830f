package erptest

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// recordTests are about backends whose records can be listed.
var recordTests = []test{
	{"a record is given as it was landed", recordsAsLanded},
	{"a product is given as it was landed", productsAsLanded},
	{"a partner is given as it was landed", partnersAsLanded},
	{"a coupon is given as it was landed", couponsAsLanded},
	{"an edit is what the ERP says", editedRecords},
	{"guests are not listed", unlistedGuests},
	{"a record without a key has a pending one", pendingRecords},
	{"what a store holds is noted", adoptedRecords},
	{"what is forgotten is written again", forgottenRecords},
	{"changes are told from a cursor on", changedRecords},
	{"a cursor that was never given is refused", oddRecordCursor},
}

func readerOf(t *testing.T, s shop) erp.RecordReader {
	t.Helper()
	reader, err := erp.Records.Of(s.Backend)
	require.NoError(t, err)
	return reader
}

// named asks for records by the ERP's ids.
func (s shop) named(outcomes []erp.Outcome) erp.RecordQuery {
	q := erp.RecordQuery{Instance: s.instance, Limit: 100}
	for _, o := range outcomes {
		q.IDs = append(q.IDs, o.ID)
	}
	return q
}

// requireAsLanded requires that records are given as they are in a store from which they were landed.
func requireAsLanded[T any](t *testing.T, page erp.RecordPage[T], stored ...T) {
	t.Helper()
	require.Len(t, page.Records, len(stored))
	for i, want := range stored {
		requireSameJSON(t, want, merged(page, i, want))
	}
}

// merged gives a record of a page as it is to be in a store that has another.
func merged[T any](page erp.RecordPage[T], i int, stored T) T {
	if page.Merge == nil {
		return page.Records[i].Record
	}
	return page.Merge(page.Records[i].Record, stored)
}

func recordsAsLanded(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	parent := erp.Term{Key: s.key("category", 1), Kind: erp.Category, Name: "Tea", Code: "tea", Description: "Leaves", Position: 3, Active: true}
	child := erp.Term{Key: s.key("category", 2), Kind: erp.Category, Name: "Green", Parent: parent.Key, Active: true}
	outcomes := land(t, s, putTerms, []erp.Term{parent, child}, times(2, erp.Created)...)
	terms, err := reader.ListTerms(ctx, erp.Category, s.named(outcomes))
	require.NoError(t, err)
	requireAsLanded(t, terms, parent, child)
	require.Equal(t, []erp.Key{parent.Key, child.Key}, []erp.Key{terms.Records[0].Record.Key, terms.Records[1].Record.Key})

	colour := erp.Term{Key: s.key("attribute", 1), Kind: erp.Attribute, Name: "Colour", Code: "pa_colour", Active: true, Values: []erp.Term{
		{Key: s.key("attribute_value", 1), Kind: erp.AttributeValue, Name: "Red", Active: true},
	}}
	outcomes = land(t, s, putTerms, []erp.Term{colour}, erp.Created)
	terms, err = reader.ListTerms(ctx, erp.Attribute, s.named(outcomes))
	require.NoError(t, err)
	requireAsLanded(t, terms, colour)
	require.Equal(t, "Red", terms.Records[0].Record.Values[0].Name)
}

// sellable lands what products name, and gives a product and one with variations.
func (s shop) sellable(t *testing.T) (simple, variable erp.Product) {
	t.Helper()
	list := s.priceList(1)
	list.Key.ID = erp.PriceListID(erp.Regular, "EUR")
	land(t, s, putPriceLists, []erp.PriceList{list}, erp.Created)
	land(t, s, putTerms, []erp.Term{s.category(1), s.category(2)}, times(2, erp.Created)...)
	price := func(amount string) []erp.Price { return []erp.Price{{List: list.Key, Amount: dec(amount)}} }

	simple = s.product(1)
	simple.SKU = s.instance + "-1"
	simple.Description, simple.ShortDescription = "<p>Warm &amp; dry</p>", "Warm"
	simple.Categories = []erp.Key{s.category(1).Key, s.category(2).Key}
	simple.Measures = erp.Measures{Weight: dec("1.5"), WeightUnit: "lbs", Length: dec("3"), Width: dec("2"), Height: dec("1"), DimensionUnit: "cm"}
	simple.Variants[0].SKU, simple.Variants[0].Measures, simple.Variants[0].Prices = simple.SKU, simple.Measures, price("59.95")

	variable = s.variable(10, 11, 12)
	variable.SKU = ""
	for i := range variable.Variants {
		variable.Variants[i].SKU = s.instance + "-" + variable.Variants[i].Key.ID
		variable.Variants[i].Prices = price("20")
	}
	return simple, variable
}

func productsAsLanded(t *testing.T, s shop) {
	simple, variable := s.sellable(t)
	outcomes := land(t, s, putProducts, []erp.Product{simple, variable}, times(2, erp.Created)...)
	page, err := readerOf(t, s).ListProducts(t.Context(), s.named(outcomes))
	require.NoError(t, err)
	requireAsLanded(t, page, simple, variable)
	require.Equal(t, []erp.ProductKind{erp.Simple, erp.Variable}, []erp.ProductKind{page.Records[0].Record.Kind, page.Records[1].Record.Kind})
	require.Equal(t, simple.SKU, page.Records[0].Record.SKU)
	require.Len(t, page.Records[1].Record.Variants, 2)
	for _, v := range page.Records[1].Record.Variants {
		require.Equal(t, "20", v.Prices[0].Amount.String())
		require.Len(t, v.Options, 1)
	}
}

func partnersAsLanded(t *testing.T, s shop) {
	person, company := s.customer(1), s.customer(2)
	person.FirstName, person.LastName, person.Name = "Ada", "King of Lovelace", "Ada King of Lovelace"
	company.Company, company.Name = true, "Analytical Engines"
	company.Addresses = append(company.Addresses, s.address(3))
	company.Addresses[1].Kind, company.Addresses[1].State = erp.DeliveryAddress, "Nowhere"
	outcomes := land(t, s, putPartners, []erp.Partner{person, company}, times(2, erp.Created)...)
	page, err := readerOf(t, s).ListPartners(t.Context(), s.named(outcomes))
	require.NoError(t, err)
	requireAsLanded(t, page, person, company)
	require.Equal(t, company.Name, page.Records[1].Record.Name)
	require.Len(t, page.Records[1].Record.Addresses, 2)
}

// tenPercent is a coupon of a shop.
func (s shop) tenPercent() erp.Coupon {
	c := s.coupon(1)
	c.UsageLimit, c.Expires, c.Products = 3, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), []erp.Key{s.key("product", 9)}
	c.ExcludeProducts, c.Categories, c.ExcludeCategory, c.Emails = []erp.Key{}, []erp.Key{}, []erp.Key{}, []string{"a@example.com"}
	return c
}

func couponsAsLanded(t *testing.T, s shop) {
	coupon := s.tenPercent()
	outcomes := land(t, s, putCoupons, []erp.Coupon{coupon}, erp.Created)
	page, err := readerOf(t, s).ListCoupons(t.Context(), s.named(outcomes))
	require.NoError(t, err)
	requireAsLanded(t, page, coupon)
	require.Equal(t, coupon.Code, page.Records[0].Record.Code)
}

// editedRecords has the store hold something else than the ERP, as after an edit in the ERP: what was edited goes, and nothing else.
func editedRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	simple, variable := s.sellable(t)
	outcomes := land(t, s, putProducts, []erp.Product{simple, variable}, times(2, erp.Created)...)
	page, err := reader.ListProducts(ctx, s.named(outcomes))
	require.NoError(t, err)
	was := simple
	was.Name, was.SKU, was.Variants = "Old name", "old-sku", slices.Clone(simple.Variants)
	was.Variants[0].SKU = was.SKU
	was.Variants[0].Prices = []erp.Price{{List: simple.Variants[0].Prices[0].List, Amount: dec("60")}}
	requireSameJSON(t, simple, merged(page, 0, was))
	was = variable
	was.Variants = slices.Clone(variable.Variants)
	was.Variants[1].Prices = []erp.Price{{List: simple.Variants[0].Prices[0].List, Amount: dec("25")}}
	was.Variants[0].Active = false
	requireSameJSON(t, variable, merged(page, 1, was))

	person := s.customer(1)
	outcomes = land(t, s, putPartners, []erp.Partner{person}, erp.Created)
	people, err := reader.ListPartners(ctx, s.named(outcomes))
	require.NoError(t, err)
	old := person
	old.Email, old.Addresses = "old@example.com", slices.Clone(person.Addresses)
	old.Addresses[0].Street = "2 Side Street"
	requireSameJSON(t, person, merged(people, 0, old))

	coupon := s.tenPercent()
	outcomes = land(t, s, putCoupons, []erp.Coupon{coupon}, erp.Created)
	coupons, err := reader.ListCoupons(ctx, s.named(outcomes))
	require.NoError(t, err)
	lower := coupon
	lower.Amount, lower.UsageLimit = dec("5"), 0
	requireSameJSON(t, coupon, merged(coupons, 0, lower))
}

func unlistedGuests(t *testing.T, s shop) {
	outcomes := land(t, s, putPartners, []erp.Partner{s.guest(1), s.customer(2)}, times(2, erp.Created)...)
	page, err := readerOf(t, s).ListPartners(t.Context(), s.named(outcomes))
	require.NoError(t, err)
	require.Len(t, page.Records, 1)
	require.Equal(t, s.customer(2).Key, page.Records[0].Record.Key)
}

// tag is a tag of a shop.
func (s shop) tag(n int, name string) erp.Term {
	return erp.Term{Key: s.key("tag", n), Kind: erp.Tag, Name: name, Active: true}
}

func pendingRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	outcomes := land(t, s, putTerms, []erp.Term{s.tag(1, "Tea")}, erp.Created)
	require.NoError(t, s.Release(ctx, s.key("tag", 1)))
	page, err := reader.ListTerms(ctx, erp.Tag, s.named(outcomes))
	require.NoError(t, err)
	require.Equal(t, erp.PendingKey(s.instance, "tag", outcomes[0].ID), page.Records[0].Record.Key)
	id, pending := erp.PendingID(page.Records[0].Record.Key)
	require.True(t, pending)
	require.Equal(t, outcomes[0].ID, id)
}

// Landing just what the store holds changes nothing, though the ERP has it otherwise; landing anything else does.
func adoptedRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	outcomes := land(t, s, putTerms, []erp.Term{s.tag(1, "Tea")}, erp.Created)
	require.NoError(t, s.Release(ctx, s.key("tag", 1)))
	stored := s.tag(7, "Tea")
	stored.Code = "tea"
	require.NoError(t, reader.AdoptTerms(ctx, []erp.Adoption[erp.Term]{{ID: outcomes[0].ID, Record: stored}}))
	again := land(t, s, putTerms, []erp.Term{stored}, erp.Unchanged)
	require.Equal(t, outcomes[0].ID, again[0].ID)
	page, err := reader.ListTerms(ctx, erp.Tag, s.named(outcomes))
	require.NoError(t, err)
	require.Empty(t, page.Records[0].Record.Code, "the ERP's record stays as it is")
	stored.Name = "Coffee"
	land(t, s, putTerms, []erp.Term{stored}, erp.Updated)
	require.Error(t, reader.AdoptTerms(ctx, []erp.Adoption[erp.Term]{{ID: "999999999", Record: stored}}))
}

// changedRecords waits where it must: a change is told a little later while older transactions are under way.
func changedRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	land(t, s, putTerms, []erp.Term{s.tag(1, "Tea"), s.tag(2, "Coffee")}, times(2, erp.Created)...)
	after := ""
	seen := func(key erp.Key) func() bool {
		return func() bool {
			for {
				page, err := reader.ListTerms(ctx, erp.Tag, erp.RecordQuery{Instance: s.instance, After: after, Limit: 50})
				require.NoError(t, err)
				after = page.Next
				for _, held := range page.Records {
					if held.Record.Key == key {
						return true
					}
				}
				if page.Done {
					return false
				}
			}
		}
	}
	require.Eventually(t, seen(s.key("tag", 2)), time.Minute, 10*time.Millisecond, "all are told from the beginning")
	land(t, s, putTerms, []erp.Term{s.tag(1, "Green tea")}, erp.Updated)
	require.Eventually(t, seen(s.key("tag", 1)), time.Minute, 10*time.Millisecond, "a change is told")
}

func oddRecordCursor(t *testing.T, s shop) {
	_, err := readerOf(t, s).ListTerms(t.Context(), erp.Tag, erp.RecordQuery{Instance: s.instance, After: "nonsense", Limit: 1})
	require.Error(t, err)
}

// requireSameJSON compares records by what is kept of them: a decimal has several forms.
func requireSameJSON(t *testing.T, want, got any) {
	t.Helper()
	a, err := json.Marshal(want)
	require.NoError(t, err)
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, string(a), string(b))
}
