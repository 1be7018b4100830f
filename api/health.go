package api

import (
	"context"

	"tandem/api/gen"
	"tandem/fault"
)

// GetLive says that the process answers.
func (s *server) GetLive(context.Context, gen.GetLiveRequestObject) (gen.GetLiveResponseObject, error) {
	return gen.GetLive200JSONResponse{Status: "ok"}, nil
}

// GetReady asks what the API cannot work without.
func (s *server) GetReady(ctx context.Context, _ gen.GetReadyRequestObject) (gen.GetReadyResponseObject, error) {
	if err := s.DB.Ready(ctx); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "%s", fault.From(err).Message)
	}
	return gen.GetReady200JSONResponse{Status: "ok"}, s.Runs.Ready(ctx)
}

// GetVersion says which Tandem this is.
func (s *server) GetVersion(context.Context, gen.GetVersionRequestObject) (gen.GetVersionResponseObject, error) {
	return gen.GetVersion200JSONResponse{Version: s.Version}, nil
}
