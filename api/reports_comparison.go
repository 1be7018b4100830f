package api

import (
	"context"
	"time"

	openapi "github.com/oapi-codegen/runtime/types"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
	"tandem/report"
)

// Limits of a comparison.
const (
	comparedDays   = 14  // by default
	maxDiffering   = 500 // orders and refunds that are listed
	comparedAtOnce = 2000
)

// GetComparison compares what the store says of synced orders and refunds with what the ERP holds.
func (s *server) GetComparison(ctx context.Context, in gen.GetComparisonRequestObject) (gen.GetComparisonResponseObject, error) {
	p := in.Params
	filter := report.Filter{From: p.From.Time, To: p.To.Time, Instances: p.Instance}
	if filter.To.IsZero() {
		filter.To = time.Now().UTC().AddDate(0, 0, 1).Truncate(24 * time.Hour) // it may be tomorrow already where a store is
	}
	if filter.From.IsZero() {
		filter.From = filter.To.AddDate(0, 0, -comparedDays)
	}
	zones, err := s.zones(ctx, filter.Instances)
	if err != nil {
		return nil, err
	}
	list, err := report.ReadCompared(ctx, s.DB, zones, filter)
	if err != nil {
		return nil, err
	}
	if err := s.readERPTotals(ctx, list); err != nil {
		return nil, err
	}
	answer := gen.GetComparison200JSONResponse{Days: collect(report.CompareDays(zones, list), comparedDay), Orders: []gen.ComparedOrder{}}
	for _, c := range list {
		if !c.Differs() {
			continue
		}
		if len(answer.Orders) == maxDiffering {
			answer.More = true
			break
		}
		answer.Orders = append(answer.Orders, comparedOrder(c))
	}
	return answer, nil
}

// readERPTotals asks the ERPs that can say it at little cost what orders and refunds come to. What such an ERP does not know comes to nothing
// there.
func (s *server) readERPTotals(ctx context.Context, list []report.Compared) error {
	places := map[string][]int{}
	for i, c := range list {
		places[c.Instance] = append(places[c.Instance], i)
	}
	for id, all := range places {
		_, backend, err := s.backendOf(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		source, ok := backend.(erp.SaleTotals)
		if !ok {
			continue
		}
		for len(all) > 0 {
			part := all[:min(len(all), comparedAtOnce)]
			all = all[len(part):]
			totals, err := source.SaleTotals(ctx, collect(part, func(i int) erp.Key {
				return erp.Key{Instance: id, Entity: list[i].Kind, ID: list[i].WooID}
			}))
			if err != nil {
				return err
			}
			for n, i := range part {
				list[i].ERP = totals[n].Decimal
			}
		}
	}
	return nil
}

func comparedDay(d report.ComparedDay) gen.ComparedDay {
	return gen.ComparedDay{
		Instance: d.Instance, Day: openapi.Date{Time: d.Day}, Currency: d.Currency, Sales: d.Sales, Store: d.Store.String(), ERP: d.ERP.String(),
		Difference: d.Difference().String(), Differing: d.Differing, Incomplete: d.Incomplete,
	}
}

func comparedOrder(c report.Compared) gen.ComparedOrder {
	return gen.ComparedOrder{
		Instance: c.Instance, WooID: c.WooID, Kind: c.Kind, OrderID: c.OrderID, Number: c.Number, At: c.At.UTC(), Currency: c.Currency,
		Store: c.Store.Decimal.String(), ERP: c.ERP.String(), Difference: c.ERP.Sub(c.Store.Decimal).String(),
	}
}
