package api

import (
	"context"

	"tandem/api/gen"
	"tandem/erp"
)

var ledgerProducts = ledgerRecords[erp.Product, gen.LedgerProduct]{
	schema: "LedgerProduct", desk: erp.Desk.Products, view: ledgerProduct, apply: (*server).applyProduct,
}

// ListLedgerProducts searches the ledger's products.
func (s *server) ListLedgerProducts(ctx context.Context, in gen.ListLedgerProductsRequestObject) (gen.ListLedgerProductsResponseObject, error) {
	items, next, err := ledgerProducts.search(ctx, s, in.Params.Search, in.Params.After, in.Params.Limit)
	return gen.ListLedgerProducts200JSONResponse{
		Body: gen.LedgerProductPage{Items: items, Next: next}, Headers: gen.ListLedgerProducts200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// CreateLedgerProduct makes a product.
func (s *server) CreateLedgerProduct(ctx context.Context, in gen.CreateLedgerProductRequestObject) (gen.CreateLedgerProductResponseObject, error) {
	view, id, err := ledgerProducts.create(ctx, s, *in.Body)
	return gen.CreateLedgerProduct201JSONResponse{
		Body: view, Headers: gen.CreateLedgerProduct201ResponseHeaders{Location: located("ledger", "products", id)},
	}, err
}

// GetLedgerProduct reads a product.
func (s *server) GetLedgerProduct(ctx context.Context, in gen.GetLedgerProductRequestObject) (gen.GetLedgerProductResponseObject, error) {
	view, etag, err := ledgerProducts.get(ctx, s, in.ID)
	return gen.GetLedgerProduct200JSONResponse{Body: view, Headers: gen.GetLedgerProduct200ResponseHeaders{ETag: etag}}, err
}

// UpdateLedgerProduct changes a product.
func (s *server) UpdateLedgerProduct(ctx context.Context, in gen.UpdateLedgerProductRequestObject) (gen.UpdateLedgerProductResponseObject, error) {
	view, etag, err := ledgerProducts.update(ctx, s, in.ID, in.Params.IfMatch, *in.Body)
	return gen.UpdateLedgerProduct200JSONResponse{Body: view, Headers: gen.UpdateLedgerProduct200ResponseHeaders{ETag: etag}}, err
}
