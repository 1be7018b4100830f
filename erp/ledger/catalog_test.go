package ledger_test

import (
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/schema/schematest"
)

// stocked gives a ledger with terms and price lists.
func stocked(t *testing.T) (*sqlx.DB, *ledger.Ledger) {
	t.Helper()
	db := schematest.New(t)
	backend := ledger.Open(db)
	_, err := backend.UpsertTerms(t.Context(), benchTerms())
	require.NoError(t, err)
	_, err = backend.UpsertPriceLists(t.Context(), benchPriceLists())
	require.NoError(t, err)
	return db, backend
}

func landProduct(t *testing.T, backend *ledger.Ledger, product erp.Product) erp.Outcome {
	t.Helper()
	outcomes, err := backend.UpsertProducts(t.Context(), []erp.Product{product})
	require.NoError(t, err)
	return outcomes[0]
}

func count(t *testing.T, db *sqlx.DB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, db.Get(&n, `SELECT count(*) FROM `+query, args...))
	return n
}

func TestWhatTheDatabaseRefusesFailsOneRecord(t *testing.T) {
	_, backend := stocked(t)
	batch := []erp.Product{
		benchProduct(1, benchTerms(), benchPriceLists()),
		benchProduct(2, benchTerms(), benchPriceLists()),
		benchProduct(3, benchTerms(), benchPriceLists()),
	}
	batch[1].Name = "nul \x00 byte" // valid in Go and JSON, but no PostgreSQL text

	outcomes, err := backend.UpsertProducts(t.Context(), batch)

	require.NoError(t, err)
	require.Equal(t, erp.Created, outcomes[0].Status)
	require.Equal(t, erp.Failed, outcomes[1].Status)
	require.Equal(t, "untranslatable_character", outcomes[1].Code)
	require.NotContains(t, outcomes[1].Reason, "byte", "values stay out of reasons")
	require.Equal(t, erp.Created, outcomes[2].Status)
}

func TestAProductIsReplacedWhole(t *testing.T) {
	db, backend := stocked(t)
	product := benchProduct(1, benchTerms(), benchPriceLists())
	landProduct(t, backend, product)
	product.Images, product.Tags = []erp.Image{}, nil
	product.Attributes[0].Values = []string{"Wool", "Silk"}
	product.Variants[0].Prices = product.Variants[0].Prices[:1]
	require.Equal(t, erp.Updated, landProduct(t, backend, product).Status)

	require.Equal(t, 1, count(t, db, `ledger.products`))
	require.Equal(t, 1, count(t, db, `ledger.variants`))
	require.Equal(t, 0, count(t, db, `ledger.images`))
	require.Equal(t, 2, count(t, db, `ledger.product_terms`))
	require.Equal(t, 1, count(t, db, `ledger.prices WHERE amount = 12.5`))
	require.Equal(t, 1, count(t, db, `ledger.product_attributes WHERE options = '{Wool,Silk}'`))
}

func TestImagesThatAreNotImportedStay(t *testing.T) {
	db, backend := stocked(t)
	product := benchProduct(1, benchTerms(), benchPriceLists())
	landProduct(t, backend, product)
	product.Images, product.Name = nil, "Renamed"
	require.Equal(t, erp.Updated, landProduct(t, backend, product).Status)
	require.Equal(t, 1, count(t, db, `ledger.images`))
}

func TestPricesThatAreNotImportedStay(t *testing.T) {
	db, backend := stocked(t)
	product := benchProduct(1, benchTerms(), benchPriceLists())
	landProduct(t, backend, product)
	product.Variants[0].Prices = nil
	landProduct(t, backend, product)
	require.Equal(t, 2, count(t, db, `ledger.prices`))
	product.Name, product.Variants[0].Prices = "Other", []erp.Price{}
	landProduct(t, backend, product)
	require.Equal(t, 0, count(t, db, `ledger.prices`), "none is not the same as not imported")
}

func TestAVariationThatIsGoneBecomesInactive(t *testing.T) {
	db, backend := stocked(t)
	product := benchProduct(1, benchTerms(), benchPriceLists())
	variant := product.Variants[0]
	product.Kind, product.Variants = erp.Variable, nil
	for _, id := range []int{11, 12} {
		variant.Key, variant.Image = benchKey("product", id), &erp.Image{URL: "https://bench.example/v.png"}
		product.Variants = append(product.Variants, variant)
	}
	landProduct(t, backend, product)
	require.Equal(t, 2, count(t, db, `ledger.images WHERE variant_id IS NOT NULL`))
	product.Variants = product.Variants[1:]

	landProduct(t, backend, product)

	require.Equal(t, 1, count(t, db, `ledger.variants WHERE active`))
	require.Equal(t, 1, count(t, db, `ledger.variants WHERE NOT active`))
	require.Equal(t, 1, count(t, db, `ledger.images WHERE variant_id IS NOT NULL`))
}

func TestMappedFieldsReachTheirColumns(t *testing.T) {
	db, backend := stocked(t)
	product := benchProduct(1, benchTerms(), benchPriceLists())
	product.Barcode = "1"
	product.Fields = map[string]string{"barcode": "2", "hs_code": "6115", "x_season": "winter"}
	landProduct(t, backend, product)
	require.Equal(t, 1, count(t, db, `ledger.products WHERE barcode = '2' AND hs_code = '6115' AND fields = '{"x_season": "winter"}'`))

	partner := benchPartner(1)
	partner.Fields = map[string]string{"tax_id": "FR1", "x_loyalty": "gold"}
	_, err := backend.UpsertPartners(t.Context(), []erp.Partner{partner})
	require.NoError(t, err)
	require.Equal(t, 1, count(t, db, `ledger.partners WHERE tax_id = 'FR1' AND fields = '{"x_loyalty": "gold"}'`))
}

func TestAValueMayMoveToAnotherTerm(t *testing.T) {
	db, backend := stocked(t)
	value := erp.Term{Key: benchKey("attribute_value", 9), Kind: erp.AttributeValue, Name: "Red"}
	one := erp.Term{Key: benchKey("attribute", 1), Kind: erp.Attribute, Name: "Colour", Values: []erp.Term{value}}
	two := erp.Term{Key: benchKey("attribute", 2), Kind: erp.Attribute, Name: "Paint", Values: []erp.Term{value}}

	outcomes, err := backend.UpsertTerms(t.Context(), []erp.Term{one, two})

	require.NoError(t, err)
	require.Equal(t, []erp.Status{erp.Created, erp.Created}, []erp.Status{outcomes[0].Status, outcomes[1].Status})
	require.Equal(t, 1, count(t, db, `ledger.terms v JOIN ledger.terms p ON p.id = v.parent_id WHERE v.name = 'Red' AND p.name = 'Paint'`))
	require.Equal(t, 1, count(t, db, `ledger.terms WHERE kind = 'attribute_value'`))
}

func TestTaxesKnowTheirAccounts(t *testing.T) {
	db, backend := stocked(t)
	tax := erp.Tax{Key: benchKey("tax", 1), Name: "VAT", Rate: decimal.NewFromInt(20), Account: "251000", RefundAccount: "252000"}
	_, err := backend.UpsertTaxes(t.Context(), []erp.Tax{tax, {Key: benchKey("tax", 2), Name: "Zero"}})
	require.NoError(t, err)
	require.Equal(t, 1, count(t, db, `ledger.taxes t JOIN ledger.accounts a ON a.id = t.account_id WHERE a.code = '251000'`))
	require.Equal(t, 1, count(t, db, `ledger.taxes WHERE account_id IS NULL AND refund_account_id IS NULL`))
}

func TestCouponsKeepTheKeysTheyName(t *testing.T) {
	db, backend := stocked(t)
	coupon := erp.Coupon{Key: benchKey("coupon", 1), Code: "ten", Products: []erp.Key{benchKey("product", 404)}}
	_, err := backend.UpsertCoupons(t.Context(), []erp.Coupon{coupon})
	require.NoError(t, err)
	require.Equal(t, 1, count(t, db, `ledger.coupons WHERE products = $1`, pq.Array([]string{"bench/product/404"})))
}
