package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/fault"
	"tandem/schema/schematest"
)

// What a coupon is limited to is named by own keys to people, and by those of each store to its export.
func TestCouponsNameWhatTheyAreLimitedTo(t *testing.T) {
	t.Parallel()
	books := ledger.Open(schematest.New(t))
	lamp, err := books.Products().Create(t.Context(), "request-1", erp.Product{Kind: erp.Simple, Name: "Lamp", Status: "publish", Variants: []erp.Variant{{Active: true}}})
	require.NoError(t, err)
	lamps, err := books.Terms(erp.Category).Create(t.Context(), "request-2", erp.Term{Kind: erp.Category, Name: "Lamps", Active: true})
	require.NoError(t, err)
	coupon := erp.Coupon{Code: "Lamp10", Kind: "percent", Amount: decimal.NewFromInt(10), Status: "publish",
		Products: []erp.Key{erp.OwnKey("product", lamp.ID)}, ExcludeCategory: []erp.Key{erp.OwnKey("category", lamps.ID)}}
	made, err := books.Coupons().Create(t.Context(), "request-3", coupon)
	require.NoError(t, err)
	require.Equal(t, coupon.Products, made.Record.Products)

	listed := func() erp.Coupon {
		page, err := books.ListCoupons(t.Context(), erp.RecordQuery{Instance: "demo", IDs: []string{made.ID}, Limit: 1})
		require.NoError(t, err)
		return page.Records[0].Record
	}
	require.Equal(t, []erp.Key{erp.PendingKey("demo", "product", lamp.ID)}, listed().Products, "it waits for what it is limited to")
	key := erp.Key{Instance: "demo", Entity: "product", ID: "4012"}
	require.NoError(t, books.Adopt(t.Context(), key, lamp.ID))
	require.Equal(t, []erp.Key{key}, listed().Products)
	require.Equal(t, []erp.Key{erp.PendingKey("demo", "category", lamps.ID)}, listed().ExcludeCategory)

	_, err = books.Coupons().Create(t.Context(), "request-4", erp.Coupon{Code: "LAMP10"})
	require.Equal(t, "code", fault.From(err).Field)
	edited := made.Record
	edited.Code, edited.UsageLimit = "LAMP10", 5
	now, err := books.Coupons().Update(t.Context(), made, edited)
	require.NoError(t, err, "it may be written otherwise")
	_, err = books.Coupons().Update(t.Context(), made, edited)
	require.Equal(t, erp.ChangedMeanwhile, fault.From(err).Code)
	page, err := books.Coupons().Search(t.Context(), erp.RecordSearch{Text: "lamp", Limit: 5})
	require.NoError(t, err)
	require.Equal(t, []erp.Version[erp.Coupon]{now}, page.Records)
}

// A coupon of a store keeps what it names and the ledger does not have.
func TestACouponOfAStoreIsChanged(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	gone := benchKey("product", 4711)
	s.landed(s.UpsertCoupons(t.Context(), []erp.Coupon{{Key: benchKey("coupon", 1), Code: "x", Kind: "percent", Products: []erp.Key{benchKey("product", 0), gone}}}))
	page, err := s.Coupons().Search(t.Context(), erp.RecordSearch{Limit: 5})
	require.NoError(t, err)
	before := page.Records[0]
	require.Equal(t, []erp.Key{s.own("product", 0), gone}, before.Record.Products)
	edited := before.Record
	edited.Description = "Edited"
	_, err = s.Coupons().Update(t.Context(), before, edited)
	require.NoError(t, err)
	listed, err := s.ListCoupons(t.Context(), erp.RecordQuery{Instance: gone.Instance, IDs: []string{before.ID}, Limit: 1})
	require.NoError(t, err)
	require.Equal(t, []erp.Key{benchKey("product", 0), gone}, listed.Records[0].Record.Products, "a store sees its own keys")
}
