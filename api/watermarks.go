package api

import (
	"context"

	"tandem/api/gen"
)

// ResetWatermarks has the next import of changes read everything.
func (s *server) ResetWatermarks(ctx context.Context, in gen.ResetWatermarksRequestObject) (gen.ResetWatermarksResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if err := s.checkListed(ctx, "", in.Params.Entity); err != nil {
		return nil, err
	}
	reset, err := s.DB.ResetWatermarks(ctx, found.ID, in.Params.Entity)
	if err != nil {
		return nil, err
	}
	s.Logger.InfoContext(ctx, "watermarks were reset", "instance", found.ID, "entities", reset, "by", callerOf(ctx).name)
	return gen.ResetWatermarks200JSONResponse{Entities: reset}, nil
}
