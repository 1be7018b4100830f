package api

import (
	"bytes"
	"context"
	"maps"
	"mime"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	openapi "github.com/oapi-codegen/runtime/types"
	"github.com/shopspring/decimal"

	"tandem/api/gen"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/report"
)

// GetSalesReport adds up what was sold.
func (s *server) GetSalesReport(ctx context.Context, in gen.GetSalesReportRequestObject) (gen.GetSalesReportResponseObject, error) {
	p := in.Params
	request := report.Request{Filter: salesFilter(p), Dimensions: collect(p.By, func(d gen.SalesDimension) report.Dimension { return report.Dimension(d) })}
	zones, err := s.zones(ctx, request.Instances)
	if err != nil {
		return nil, err
	}
	sales, err := report.ReadSales(ctx, s.DB, zones, request)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	switch reportFormat(ctx, p.Format) {
	case "csv":
		err := sales.Table().WriteCSV(&file)
		return gen.GetSalesReport200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	case "xlsx":
		err := sales.Table().WriteXLSX(&file)
		return gen.GetSalesReport200ApplicationVndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	body := salesReport(sales)
	body.Uncounted, err = s.uncounted(ctx, request.Instances)
	return gen.GetSalesReport200JSONResponse(body), err
}

// uncounted says of which of the named instances, or of all, reports miss sales.
func (s *server) uncounted(ctx context.Context, named []string) ([]gen.UncountedSales, error) {
	missing, err := s.DB.UncountedSales(ctx)
	var list []gen.UncountedSales
	for _, id := range slices.Sorted(maps.Keys(missing)) {
		if len(named) == 0 || slices.Contains(named, id) {
			list = append(list, gen.UncountedSales{Instance: id, Sales: missing[id]})
		}
	}
	return list, err
}

// ListSalesOrders lists the orders and refunds behind a report.
func (s *server) ListSalesOrders(ctx context.Context, in gen.ListSalesOrdersRequestObject) (gen.ListSalesOrdersResponseObject, error) {
	p := in.Params
	filter := salesFilter(gen.GetSalesReportParams{
		From: p.From, To: p.To, Instance: p.Instance, Status: p.Status, Currency: p.Currency, Country: p.Country, Gateway: p.Gateway,
		Customer: p.Customer, Product: p.Product, Variant: p.Variant, Category: p.Category,
	})
	zones, err := s.zones(ctx, filter.Instances)
	if err != nil {
		return nil, err
	}
	list, next, err := report.ReadOrders(ctx, s.DB, zones, filter, p.After, p.Limit)
	return gen.ListSalesOrders200JSONResponse{
		Body:    gen.SalesOrderPage{Items: collect(list, salesOrder), Next: next},
		Headers: gen.ListSalesOrders200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

func salesFilter(p gen.GetSalesReportParams) report.Filter {
	return report.Filter{
		From: p.From.Time, To: p.To.Time, Instances: p.Instance, Statuses: p.Status, Currencies: p.Currency, Countries: p.Country,
		Gateways: p.Gateway, Customers: p.Customer, Products: p.Product, Variants: p.Variant, Categories: p.Category,
	}
}

// zones gives the time zones of all instances. Those that a request names have to be among them.
func (s *server) zones(ctx context.Context, named []string) ([]report.Zone, error) {
	instances, err := s.DB.Instances(ctx)
	if err != nil {
		return nil, err
	}
	var zones []report.Zone
	for _, in := range instances {
		zones = append(zones, report.Zone{Instance: in.ID, Location: mapping.ShopZone(in.Store.Timezone)})
	}
	for _, id := range named {
		if !slices.ContainsFunc(zones, func(z report.Zone) bool { return z.Instance == id }) {
			return nil, fault.Field("instance", "there is no instance %q", id)
		}
	}
	return zones, nil
}

// reportFormat is what a report is asked for as: by name, or by the first media type of Accept that there is.
func reportFormat(ctx context.Context, named string) string {
	g, ok := ctx.(*gin.Context)
	if named != "" || !ok {
		return named
	}
	for accepted := range strings.SplitSeq(g.GetHeader("Accept"), ",") {
		media, _, err := mime.ParseMediaType(accepted)
		if err == nil && reportFormats[media] != "" {
			return reportFormats[media]
		}
	}
	return "json"
}

var reportFormats = map[string]string{
	"application/json": "json", "*/*": "json", "text/csv": "csv",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}

func salesReport(s report.Sales) gen.SalesReport {
	cells := make([]gen.SalesCell, len(s.Cells))
	for i, c := range s.Cells {
		cells[i] = salesCell(s.Dimensions, c)
	}
	return gen.SalesReport{By: collect(s.Dimensions, salesDimension), Periods: collect(s.Periods, salesPeriod), Cells: cells}
}

func salesDimension(d report.Dimension) gen.SalesDimension { return gen.SalesDimension(d) }

func salesPeriod(p report.Period) gen.SalesPeriod {
	return gen.SalesPeriod{Name: p.Name, From: openapi.Date{Time: p.From}, To: openapi.Date{Time: p.To}}
}

func salesCell(by []report.Dimension, c report.Cell) gen.SalesCell {
	cell := gen.SalesCell{
		Currency: c.Currency, Keys: map[string]string{}, Orders: int(c.Orders), Units: c.Units.String(), Goods: c.Goods.String(),
		Shipping: c.Shipping.String(), Fees: c.Fees.String(), Net: c.Net.String(), Discounts: c.Discounts.String(), Tax: c.Tax.String(),
		Taxes: collect(c.Taxes, salesTax), Gross: c.Gross.String(), Credit: c.Credit.String(), Refunds: c.Refunds.String(),
		RefundUnits: c.RefundUnits.String(), RefundNet: c.RefundNet.String(), RefundTax: c.RefundTax.String(), RefundTaxes: collect(c.RefundTaxes, salesTax),
	}
	if c.Orders > 0 {
		cell.Average = c.Average.String()
	}
	for i, key := range c.Keys {
		switch name := string(by[i]); {
		case key.All:
			cell.TotalOver = append(cell.TotalOver, gen.SalesDimension(name))
		default:
			cell.Keys[name] = key.Value
			if key.Label != "" {
				if cell.Labels == nil {
					cell.Labels = map[string]string{}
				}
				cell.Labels[name] = key.Label
			}
		}
	}
	return cell
}

func salesTax(t report.TaxSum) gen.SalesTax {
	return gen.SalesTax{Label: t.Label, Rate: t.Rate.String(), Amount: t.Amount.String()}
}

func salesOrder(o report.Order) gen.SalesOrder {
	text := decimal.Decimal.String
	return gen.SalesOrder{
		Instance: o.Instance, WooID: o.WooID, Kind: o.Kind, OrderID: o.OrderID, Number: o.Number, At: o.At.UTC(), Currency: o.Currency,
		Status: o.Status, Gateway: o.Gateway, Country: o.Country, Customer: o.Customer, Units: text(o.Units), Net: text(o.Net), Tax: text(o.Tax),
		Gross: text(o.Gross), Credit: text(o.Credit),
	}
}
