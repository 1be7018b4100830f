package api

import (
	"context"

	"tandem/api/gen"
	"tandem/erp"
)

// ListERPs lists the ERPs an instance can be on, with what each is connected with.
func (s *server) ListERPs(context.Context, gen.ListERPsRequestObject) (gen.ListERPsResponseObject, error) {
	return gen.ListERPs200JSONResponse{Items: collect(s.ERPs, erpView)}, nil
}

func erpView(d erp.Driver) gen.ERP {
	return gen.ERP{Name: d.Name, Title: d.Title, Secret: d.Secret, PerCompany: d.PerCompany, Settings: collect(d.Settings, erpSetting)}
}

func erpSetting(s erp.Setting) gen.ERPSetting {
	return gen.ERPSetting{
		Name: s.Name, Label: s.Label, Help: s.Help, Required: s.Required != "", Books: s.Books, Choices: s.Choices, MaxLength: s.MaxLength,
	}
}
