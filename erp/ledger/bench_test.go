package ledger_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/schema/schematest"
)

// perBatch is the size of a page of a store, which is what is landed at a time.
const perBatch = 100

func BenchmarkUpsertPartners(b *testing.B) {
	backend := ledger.Open(schematest.New(b))
	land := func(first int) []erp.Outcome {
		batch := make([]erp.Partner, perBatch)
		for i := range batch {
			batch[i] = benchPartner(first + i)
		}
		outcomes, err := backend.UpsertPartners(b.Context(), batch)
		require.NoError(b, err)
		return outcomes
	}
	benchmarkLanding(b, land)
}

func BenchmarkUpsertProducts(b *testing.B) {
	backend := ledger.Open(schematest.New(b))
	terms, lists := benchTerms(), benchPriceLists()
	_, err := backend.UpsertTerms(b.Context(), terms)
	require.NoError(b, err)
	_, err = backend.UpsertPriceLists(b.Context(), lists)
	require.NoError(b, err)
	land := func(first int) []erp.Outcome {
		batch := make([]erp.Product, perBatch)
		for i := range batch {
			batch[i] = benchProduct(first+i, terms, lists)
		}
		outcomes, err := backend.UpsertProducts(b.Context(), batch)
		require.NoError(b, err)
		return outcomes
	}
	benchmarkLanding(b, land)
}

// benchmarkLanding lands new records in batches, and then some of them again.
func benchmarkLanding(b *testing.B, land func(first int) []erp.Outcome) {
	b.Run("new", func(b *testing.B) {
		for next := 0; b.Loop(); next += perBatch {
			require.True(b, land(next)[0].Landed())
		}
		b.ReportMetric(float64(b.N*perBatch)/b.Elapsed().Seconds(), "records/s")
	})
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			require.Equal(b, erp.Unchanged, land(0)[perBatch-1].Status)
		}
		b.ReportMetric(float64(b.N*perBatch)/b.Elapsed().Seconds(), "records/s")
	})
}

func benchKey(entity string, id int) erp.Key {
	return erp.Key{Instance: "bench", Entity: entity, ID: fmt.Sprint(id)}
}

func benchPartner(id int) erp.Partner {
	address := erp.Address{Key: benchKey("address", 2*id), Kind: erp.InvoiceAddress, Name: "Ada Lovelace", Street: "12 Rue des Fleurs",
		City: "Lyon", Zip: "69001", Country: "FR", Phone: "+33 4 78 00 00 00"}
	delivery := address
	delivery.Key, delivery.Kind = benchKey("address", 2*id+1), erp.DeliveryAddress
	return erp.Partner{Key: benchKey("customer", id), Name: "Ada Lovelace", FirstName: "Ada", LastName: "Lovelace",
		Email: fmt.Sprintf("ada-%d@bench.example", id), Language: "fr_FR", Addresses: []erp.Address{address, delivery}}
}

func benchTerms() []erp.Term {
	return []erp.Term{
		{Key: benchKey("category", 1), Kind: erp.Category, Name: "Clothing", Active: true},
		{Key: benchKey("category", 2), Kind: erp.Category, Name: "Socks", Parent: benchKey("category", 1), Active: true},
		{Key: benchKey("tag", 3), Kind: erp.Tag, Name: "Wool", Active: true},
	}
}

func benchPriceLists() []erp.PriceList {
	return []erp.PriceList{
		{Key: benchKey("price_list", 1), Name: "Regular EUR", Kind: erp.Regular, Currency: "EUR"},
		{Key: benchKey("price_list", 2), Name: "Sale EUR", Kind: erp.Sale, Currency: "EUR"},
	}
}

func benchProduct(id int, terms []erp.Term, lists []erp.PriceList) erp.Product {
	key, sku := benchKey("product", id), fmt.Sprintf("SOCK-%d", id)
	measures := erp.Measures{Weight: decimal.RequireFromString("0.15"), WeightUnit: "kg", DimensionUnit: "cm"}
	return erp.Product{
		Key: key, Kind: erp.Simple, Name: fmt.Sprintf("Wool socks %d", id), Slug: fmt.Sprintf("wool-socks-%d", id),
		Description: "<p>Warm socks for cold days, knitted from the wool of sheep that never hurry.</p>", Status: "publish",
		SKU: sku, Taxable: true, TaxClass: "standard", Measures: measures,
		Categories: []erp.Key{terms[0].Key, terms[1].Key}, Tags: []erp.Key{terms[2].Key},
		Images:     []erp.Image{{URL: fmt.Sprintf("https://bench.example/%d.png", id), Alt: "Socks"}},
		Attributes: []erp.ProductAttribute{{Name: "Material", Values: []string{"Wool"}, Visible: true}},
		Variants: []erp.Variant{{Key: key, SKU: sku, Active: true, TrackStock: true, Measures: measures, Prices: []erp.Price{
			{List: lists[0].Key, Amount: decimal.RequireFromString("12.50")},
			{List: lists[1].Key, Amount: decimal.RequireFromString("9.90")},
		}}},
	}
}
