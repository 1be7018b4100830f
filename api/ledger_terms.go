package api

import (
	"context"

	"tandem/api/gen"
)

// ListLedgerTerms searches the ledger's terms of one kind.
func (s *server) ListLedgerTerms(ctx context.Context, in gen.ListLedgerTermsRequestObject) (gen.ListLedgerTermsResponseObject, error) {
	items, next, err := termsOf(in.Kind).search(ctx, s, in.Params.Search, in.Params.After, in.Params.Limit)
	return gen.ListLedgerTerms200JSONResponse{
		Body: gen.LedgerTermPage{Items: items, Next: next}, Headers: gen.ListLedgerTerms200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// CreateLedgerTerm makes a term.
func (s *server) CreateLedgerTerm(ctx context.Context, in gen.CreateLedgerTermRequestObject) (gen.CreateLedgerTermResponseObject, error) {
	view, id, err := termsOf(in.Kind).create(ctx, s, *in.Body)
	return gen.CreateLedgerTerm201JSONResponse{
		Body: view, Headers: gen.CreateLedgerTerm201ResponseHeaders{Location: located("ledger", "terms", string(in.Kind), id)},
	}, err
}

// GetLedgerTerm reads a term.
func (s *server) GetLedgerTerm(ctx context.Context, in gen.GetLedgerTermRequestObject) (gen.GetLedgerTermResponseObject, error) {
	view, etag, err := termsOf(in.Kind).get(ctx, s, in.ID)
	return gen.GetLedgerTerm200JSONResponse{Body: view, Headers: gen.GetLedgerTerm200ResponseHeaders{ETag: etag}}, err
}

// UpdateLedgerTerm changes a term.
func (s *server) UpdateLedgerTerm(ctx context.Context, in gen.UpdateLedgerTermRequestObject) (gen.UpdateLedgerTermResponseObject, error) {
	view, etag, err := termsOf(in.Kind).update(ctx, s, in.ID, in.Params.IfMatch, *in.Body)
	return gen.UpdateLedgerTerm200JSONResponse{Body: view, Headers: gen.UpdateLedgerTerm200ResponseHeaders{ETag: etag}}, err
}
