package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
)

// ListLinkChecks says up to when changes in the ERP are known to the states of an instance's links.
func (s *server) ListLinkChecks(ctx context.Context, in gen.ListLinkChecksRequestObject) (gen.ListLinkChecksResponseObject, error) {
	if _, err := s.DB.Instance(ctx, in.Instance); err != nil {
		return nil, err
	}
	checks, err := s.DB.LinkChecks(ctx, in.Instance)
	return gen.ListLinkChecks200JSONResponse{Items: collect(checks, linkCheck)}, err
}

func linkCheck(c db.LinkCheck) gen.LinkCheck {
	return gen.LinkCheck{Entity: c.Entity, CheckedAt: c.CheckedAt, TriedAt: c.TriedAt, Problem: c.Problem}
}
