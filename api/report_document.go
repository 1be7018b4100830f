package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/report"
	"tandem/report/pdf"
)

// GetSalesDocument prints the sales of an instance.
func (s *server) GetSalesDocument(ctx context.Context, in gen.GetSalesDocumentRequestObject) (gen.GetSalesDocumentResponseObject, error) {
	p := in.Params
	var layout report.Layout
	if p.Layout != "" {
		saved, err := s.usableLayout(ctx, p.Layout, p.Instance)
		if err != nil {
			return nil, err
		}
		layout = saved
	}
	layout.Style, layout.Font, layout.Page = cmp.Or(p.Style, layout.Style), cmp.Or(p.Font, layout.Font), cmp.Or(p.Page, layout.Page)
	layout.Accent, layout.Ink, layout.Language = cmp.Or(p.Accent, layout.Accent), cmp.Or(p.Ink, layout.Ink), cmp.Or(p.Language, layout.Language)
	document, err := s.printSales(ctx, p.Instance, p.From, p.To, layout, p.Download)
	return gen.GetSalesDocument200ApplicationPdfResponse{DocumentApplicationPdfResponse: document}, err
}

// PreviewSalesDocument prints the sales of an instance in a layout that is not saved.
func (s *server) PreviewSalesDocument(ctx context.Context, in gen.PreviewSalesDocumentRequestObject) (gen.PreviewSalesDocumentResponseObject, error) {
	l := in.Body.Layout
	layout := report.Layout{Style: l.Style, Font: l.Font, Page: l.Page, Accent: l.Accent, Ink: l.Ink, Language: l.Language}
	var err error
	if layout.Logo, err = readLogo(l.Logo, nil); err != nil {
		return nil, err
	}
	document, err := s.printSales(ctx, in.Body.Instance, in.Body.From, in.Body.To, layout, false)
	return gen.PreviewSalesDocument200ApplicationPdfResponse{DocumentApplicationPdfResponse: document}, err
}

// usableLayout reads a layout that an instance may use.
func (s *server) usableLayout(ctx context.Context, id, instance string) (report.Layout, error) {
	saved, err := s.DB.ReportLayout(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && saved.Instance != "" && saved.Instance != instance {
		return report.Layout{}, fault.Field("layout", "there is no layout %q that %s may use", id, instance)
	}
	return saved.Layout, err
}

func (s *server) printSales(
	ctx context.Context, instance string, from, to openapi.Date, layout report.Layout, keep bool,
) (document gen.DocumentApplicationPdfResponse, err error) {
	inst, err := s.DB.Instance(ctx, instance)
	if err != nil {
		return document, asInstanceField(err)
	}
	file, err := pdf.Print(ctx, s.DB, inst, mapping.ShopZone(inst.Store.Timezone), from.Time, to.Time, layout)
	if err != nil {
		return document, err
	}
	disposition := "inline"
	if keep {
		disposition = "attachment"
	}
	document.Body, document.ContentLength = bytes.NewReader(file), int64(len(file))
	document.Headers.ContentDisposition = fmt.Sprintf(`%s; filename="sales-%s-%s-%s.pdf"`, disposition, inst.ID, from.Format(time.DateOnly), to.Format(time.DateOnly))
	return document, nil
}

// ListReportLayouts lists the saved layouts.
func (s *server) ListReportLayouts(ctx context.Context, in gen.ListReportLayoutsRequestObject) (gen.ListReportLayoutsResponseObject, error) {
	if err := s.checkListed(ctx, in.Params.Instance, ""); err != nil {
		return nil, err
	}
	list, err := s.DB.ReportLayouts(ctx, in.Params.Instance)
	return gen.ListReportLayouts200JSONResponse{Items: collect(list, reportLayout)}, err
}

// GetReportLayout reads a layout.
func (s *server) GetReportLayout(ctx context.Context, in gen.GetReportLayoutRequestObject) (gen.GetReportLayoutResponseObject, error) {
	saved, err := s.DB.ReportLayout(ctx, in.Layout)
	return gen.GetReportLayout200JSONResponse(reportLayout(saved)), err
}

// CreateReportLayout saves a new layout.
func (s *server) CreateReportLayout(ctx context.Context, in gen.CreateReportLayoutRequestObject) (gen.CreateReportLayoutResponseObject, error) {
	wanted, err := s.wantedLayout(ctx, *in.Body, nil)
	if err != nil {
		return nil, err
	}
	saved, err := s.DB.CreateReportLayout(ctx, wanted)
	return gen.CreateReportLayout201JSONResponse{
		Body:    reportLayout(saved),
		Headers: gen.CreateReportLayout201ResponseHeaders{Location: located("reports/layouts", saved.ID)},
	}, err
}

// UpdateReportLayout replaces a layout. Its logo stays unless another is given.
func (s *server) UpdateReportLayout(ctx context.Context, in gen.UpdateReportLayoutRequestObject) (gen.UpdateReportLayoutResponseObject, error) {
	former, err := s.DB.ReportLayout(ctx, in.Layout)
	if err != nil {
		return nil, err
	}
	wanted, err := s.wantedLayout(ctx, *in.Body, former.Logo)
	if err != nil {
		return nil, err
	}
	wanted.ID = in.Layout
	saved, err := s.DB.UpdateReportLayout(ctx, wanted)
	return gen.UpdateReportLayout200JSONResponse(reportLayout(saved)), err
}

// DeleteReportLayout deletes a layout.
func (s *server) DeleteReportLayout(ctx context.Context, in gen.DeleteReportLayoutRequestObject) (gen.DeleteReportLayoutResponseObject, error) {
	return gen.DeleteReportLayout204Response{}, s.DB.DeleteReportLayout(ctx, in.Layout)
}

// wantedLayout reads and checks the layout of a request.
func (s *server) wantedLayout(ctx context.Context, in gen.ReportLayoutInput, logo []byte) (db.ReportLayout, error) {
	wanted := db.ReportLayout{Name: in.Name, Instance: in.Instance}
	if in.Instance != "" {
		if _, err := s.DB.Instance(ctx, in.Instance); err != nil {
			return wanted, asInstanceField(err)
		}
	}
	logo, err := readLogo(in.Logo, logo)
	if err != nil {
		return wanted, err
	}
	wanted.Layout, err = report.Layout{
		Style: in.Style, Font: in.Font, Page: in.Page, Accent: in.Accent, Ink: in.Ink, Language: in.Language, Logo: logo,
	}.Complete()
	return wanted, err
}

// readLogo reads the logo of a request; where none is given, the former one stays.
func readLogo(given *string, former []byte) ([]byte, error) {
	if given == nil {
		return former, nil
	}
	if *given == "" {
		return nil, nil
	}
	data, err := base64.StdEncoding.DecodeString(*given)
	if err != nil {
		return nil, fault.Field("logo", "must be in base64")
	}
	return report.CheckLogo(data)
}

func reportLayout(l db.ReportLayout) gen.ReportLayout {
	return gen.ReportLayout{
		ID: l.ID, Name: l.Name, Instance: l.Instance, Style: l.Style, Font: l.Font, Page: l.Page, Accent: l.Accent, Ink: l.Ink, Language: l.Language,
		Logo: base64.StdEncoding.EncodeToString(l.Logo), HasLogo: l.HasLogo, CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt,
	}
}
