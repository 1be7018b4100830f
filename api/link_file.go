package api

import (
	"context"
	"io"
	"time"

	"tandem/api/gen"
	"tandem/api/linkfile"
	"tandem/db"
	"tandem/fault"
)

// uploadLines is how many lines of a file one request links: each is looked at in the store and in the ERP.
const uploadLines = 500

// ImportLinks links the pairs of a file.
func (s *server) ImportLinks(ctx context.Context, in gen.ImportLinksRequestObject) (gen.ImportLinksResponseObject, error) {
	lines, problems, err := linkfile.Read(in.Body)
	if err != nil {
		return nil, err
	}
	if len(lines)+len(problems) > uploadLines {
		return nil, fault.New(fault.Invalid, "the file has more than %d lines: divide it, or use tandem links import", uploadLines)
	}
	results := collect(lines, func(l linkfile.Line) gen.LinkResult {
		return gen.LinkResult{Line: l.Number, Instance: l.Instance, Entity: l.Entity, WooID: l.WooID, ERPID: l.ERPID}
	})
	for _, p := range problems {
		results = append(results, gen.LinkResult{Line: p.Line, State: gen.LinkResultStateRefused, Code: "unreadable", Reason: p.Reason})
	}
	done, err := s.linkAll(ctx, results, in.Params.DryRun, in.Params.SkipInvalid)
	return gen.ImportLinks200JSONResponse(done), err
}

// ExportLinks writes links as a file, page by page.
func (s *server) ExportLinks(ctx context.Context, in gen.ExportLinksRequestObject) (gen.ExportLinksResponseObject, error) {
	p := in.Params
	if err := s.checkListed(ctx, p.Instance, p.Entity); err != nil {
		return nil, err
	}
	filter := db.LinkFilter{Instance: p.Instance, Entity: p.Entity, State: string(p.State)}
	read, write := io.Pipe()
	go func() { write.CloseWithError(s.writeLinks(ctx, write, filter)) }()
	return gen.ExportLinks200TextCsvResponse{Body: read}, nil
}

func (s *server) writeLinks(ctx context.Context, w io.Writer, filter db.LinkFilter) error {
	file, err := linkfile.NewWriter(w)
	if err != nil {
		return err
	}
	page := db.Page{Limit: mostListed}
	for written := 0; written < linkfile.MaxLines; {
		list, next, err := s.DB.Links(ctx, filter, page)
		if err != nil {
			return err
		}
		for _, l := range list {
			synced := ""
			if !l.LastSyncedAt.IsZero() {
				synced = l.LastSyncedAt.Format(time.RFC3339)
			}
			line := linkfile.Line{Instance: l.Instance, Entity: l.Entity, WooID: l.WooID, ERPID: l.ERPID}
			if err := file.Write(line, l.State, l.StoreState, synced); err != nil {
				return err
			}
		}
		written += len(list)
		if page.After = next; next == "" {
			break
		}
	}
	return file.Flush()
}

// mostListed is how many rows of the database are read at once.
const mostListed = 500
