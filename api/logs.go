package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
)

// ListLogs lists log lines, newest first.
func (s *server) ListLogs(ctx context.Context, in gen.ListLogsRequestObject) (gen.ListLogsResponseObject, error) {
	p := in.Params
	filter := db.LogFilter{
		Instance: p.Instance, Entity: p.Entity, Status: p.Status, WooID: p.WooID, Operation: p.Operation, From: p.From, To: p.To,
	}
	if err := s.checkLogs(ctx, p.Instance, p.Entity, p.Status); err != nil {
		return nil, err
	}
	list, next, err := s.DB.Logs(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListLogs200JSONResponse{
		Body:    gen.LogPage{Items: collect(list, s.log), Next: next},
		Headers: gen.ListLogs200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// GetLogChart counts log lines per bucket of time and status.
func (s *server) GetLogChart(ctx context.Context, in gen.GetLogChartRequestObject) (gen.GetLogChartResponseObject, error) {
	p := in.Params
	bucket := string(p.Bucket)
	if bucket == "" {
		bucket = "day"
	}
	filter := db.LogFilter{Instance: p.Instance, Entity: p.Entity, Status: p.Status, Operation: p.Operation, From: p.From, To: p.To}
	if err := s.checkLogs(ctx, p.Instance, p.Entity, p.Status); err != nil {
		return nil, err
	}
	counts, err := s.DB.LogChart(ctx, filter, bucket)
	return gen.GetLogChart200JSONResponse{Bucket: bucket, Points: collect(counts, logPoint)}, err
}

func (s *server) log(l db.Log) gen.Log {
	return gen.Log{
		ID: l.ID, Job: l.JobID, Operation: l.Operation, Instance: l.Instance, Entity: l.Entity, Direction: l.Direction,
		WooID: l.WooID, ERPID: l.ERPID,
		Status: l.Status, Before: l.Before, After: l.After, Steps: l.Steps, DurationMS: milliseconds(l.Duration),
		ErrorKind: l.ErrorKind, Code: l.Code, Message: l.Message, At: l.At, TemporalURL: s.runURL(l.WorkflowID, l.RunID),
	}
}

func logPoint(c db.LogCount) gen.LogPoint {
	return gen.LogPoint{At: c.At, Status: c.Status, Count: c.Count}
}
