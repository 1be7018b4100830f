package api

import (
	"context"

	"tandem/api/gen"
	"tandem/erp"
)

var ledgerPartners = ledgerRecords[erp.Partner, gen.LedgerPartner]{
	schema: "LedgerPartner", desk: erp.Desk.Partners, view: ledgerPartner, apply: (*server).applyPartner,
}

// ListLedgerPartners searches the ledger's partners.
func (s *server) ListLedgerPartners(ctx context.Context, in gen.ListLedgerPartnersRequestObject) (gen.ListLedgerPartnersResponseObject, error) {
	items, next, err := ledgerPartners.search(ctx, s, in.Params.Search, in.Params.After, in.Params.Limit)
	return gen.ListLedgerPartners200JSONResponse{
		Body: gen.LedgerPartnerPage{Items: items, Next: next}, Headers: gen.ListLedgerPartners200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// CreateLedgerPartner makes a partner.
func (s *server) CreateLedgerPartner(ctx context.Context, in gen.CreateLedgerPartnerRequestObject) (gen.CreateLedgerPartnerResponseObject, error) {
	view, id, err := ledgerPartners.create(ctx, s, *in.Body)
	return gen.CreateLedgerPartner201JSONResponse{
		Body: view, Headers: gen.CreateLedgerPartner201ResponseHeaders{Location: located("ledger", "partners", id)},
	}, err
}

// GetLedgerPartner reads a partner.
func (s *server) GetLedgerPartner(ctx context.Context, in gen.GetLedgerPartnerRequestObject) (gen.GetLedgerPartnerResponseObject, error) {
	view, etag, err := ledgerPartners.get(ctx, s, in.ID)
	return gen.GetLedgerPartner200JSONResponse{Body: view, Headers: gen.GetLedgerPartner200ResponseHeaders{ETag: etag}}, err
}

// UpdateLedgerPartner changes a partner.
func (s *server) UpdateLedgerPartner(ctx context.Context, in gen.UpdateLedgerPartnerRequestObject) (gen.UpdateLedgerPartnerResponseObject, error) {
	view, etag, err := ledgerPartners.update(ctx, s, in.ID, in.Params.IfMatch, *in.Body)
	return gen.UpdateLedgerPartner200JSONResponse{Body: view, Headers: gen.UpdateLedgerPartner200ResponseHeaders{ETag: etag}}, err
}
