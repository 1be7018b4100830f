package report_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/report"
)

// insertSales writes sales of ten euros, each of one product, at these moments.
func insertSales(t *testing.T, raw *sqlx.DB, instance string, moments ...string) {
	t.Helper()
	for i, at := range moments {
		raw.MustExec(`
			WITH sold AS (
			  INSERT INTO tandem.sales (instance, woo_id, kind, order_id, number, at, currency, status, gateway, country, customer, units,
			    goods, shipping, fees, credit, discount, tax, digest)
			  VALUES ($1, $2, 'order', $2, $2, $3, 'EUR', 'completed', '', '', $2, 1, 10, 0, 0, 0, 0, 0, '') RETURNING id)
			INSERT INTO tandem.sale_lines SELECT id, '1', 'product', $2, $2, '', 3, 1, 10, 0, 0 FROM sold`, instance, fmt.Sprint(i+1), at)
	}
}

// orders gives the orders of the single cells by their keys.
func orders(sales report.Sales) map[string]int64 {
	counts := map[string]int64{}
	for _, c := range sales.Cells {
		if !c.IsTotal() {
			name := ""
			for _, k := range c.Keys {
				name += k.Value + " "
			}
			counts[name] = c.Orders
		}
	}
	return counts
}

// Each instance's days begin by its own clock, and have 23 and 25 hours where that is changed.
func TestDaysOfClockChanges(t *testing.T) {
	d, raw := openDB(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	zones := []report.Zone{{Instance: "berlin", Location: berlin}, {Instance: "utc", Location: time.UTC}}
	moments := []string{
		"2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999999Z", "2026-03-29T22:00:00Z",
		"2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z",
	}
	insertSales(t, raw, "berlin", moments...)
	insertSales(t, raw, "utc", moments...)
	fillFigures(t, raw)
	by := func(dimensions ...report.Dimension) report.Request { return report.Request{Dimensions: dimensions} }

	require.Equal(t, map[string]int64{
		"2026-03-28 berlin ": 1, "2026-03-29 berlin ": 2, "2026-03-30 berlin ": 1,
		"2026-10-24 berlin ": 1, "2026-10-25 berlin ": 2, "2026-10-26 berlin ": 1,
		"2026-03-28 utc ": 2, "2026-03-29 utc ": 2, "2026-10-24 utc ": 2, "2026-10-25 utc ": 2,
	}, orders(readSales(t, d, zones, by(report.Day, report.Instance))))

	one := by(report.Day, report.Instance)
	one.From, one.To = time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
	require.Equal(t, map[string]int64{"2026-10-25 berlin ": 2, "2026-10-25 utc ": 2}, orders(readSales(t, d, zones, one)))
	one.Instances = []string{"berlin"}
	sales := readSales(t, d, zones, one)
	require.Equal(t, map[string]int64{"2026-10-25 berlin ": 2}, orders(sales))
	require.Equal(t, []report.Period{{Name: "2026-10-25", From: one.From, To: one.To}}, sales.Periods)
	list, _, err := report.ReadOrders(t.Context(), d, zones, one.Filter, "", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"7", "6"}, []string{list[0].WooID, list[1].WooID})
}

func TestWeeksOverTheEndOfTheYear(t *testing.T) {
	d, raw := openDB(t)
	insertSales(t, raw, "shop", "2026-12-27T12:00:00Z", "2026-12-28T12:00:00Z", "2027-01-03T12:00:00Z", "2027-01-04T12:00:00Z")
	fillFigures(t, raw)
	zones := []report.Zone{{Instance: "shop", Location: time.UTC}}
	sales := readSales(t, d, zones, report.Request{Dimensions: []report.Dimension{report.Week}})
	require.Equal(t, map[string]int64{"2026-W52 ": 1, "2026-W53 ": 2, "2027-W01 ": 1}, orders(sales))
	require.Equal(t, "2026-12-28", sales.Periods[1].From.Format(time.DateOnly))
	require.Equal(t, "2027-01-03", sales.Periods[1].To.Format(time.DateOnly))
}

func TestTooMuchIsRefusedWithWhatToNarrow(t *testing.T) {
	d, raw := openDB(t)
	raw.MustExec(`
		WITH sold AS (
		  INSERT INTO tandem.sales (instance, woo_id, kind, order_id, number, at, currency, status, gateway, country, customer, units, goods,
		    shipping, fees, credit, discount, tax, digest)
		  SELECT 'shop', i, 'order', i, i, '2026-01-01'::timestamptz + i * interval '1 hour', 'EUR', 'completed', '', '', i, 1, 10, 0, 0, 0, 0, 0, ''
		  FROM generate_series(1, 4000) i RETURNING id)
		INSERT INTO tandem.sale_lines SELECT id, '1', 'product', id::text, id::text, '', 3, 1, 10, 0, 0 FROM sold`)
	fillFigures(t, raw)
	zones := []report.Zone{{Instance: "shop", Location: time.UTC}}
	require.Len(t, readSales(t, d, zones, report.Request{Dimensions: []report.Dimension{report.Customer}}).Cells, 4001)
	_, err := report.ReadSales(t.Context(), d, zones, report.Request{Dimensions: []report.Dimension{report.Customer, report.Day}})
	require.True(t, fault.Is(err, fault.Invalid))
	require.ErrorContains(t, err, "more than 5000 cells, totals included: choose a shorter range or longer periods, fewer dimensions than customer, day")
}

func TestWhatMakesNoSense(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		request report.Request
		field   string
	}{
		"no dimension":        {report.Request{Dimensions: []report.Dimension{"colour"}}, "by"},
		"two periods":         {report.Request{Dimensions: []report.Dimension{report.Day, report.Month}}, "by"},
		"too many dimensions": {report.Request{Dimensions: []report.Dimension{report.Day, report.Country, report.Status, report.Gateway}}, "by"},
		"ends before":         {report.Request{Filter: report.Filter{From: day, To: day.AddDate(0, 0, -1)}}, "to"},
		"product of no store": {report.Request{Filter: report.Filter{Products: []string{"12"}}}, "product"},
		"too many days": {report.Request{Dimensions: []report.Dimension{report.Day},
			Filter: report.Filter{From: day.AddDate(-200, 0, 0), To: day}}, "from"},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := openDB(t)
			_, err := report.ReadSales(t.Context(), d, []report.Zone{{Instance: "shop", Location: time.UTC}}, c.request)
			require.True(t, fault.Is(err, fault.Invalid), "%v", err)
			require.Equal(t, c.field, fault.From(err).Field)
		})
	}
}

// A cell's keys as the filter of the list give the orders that it counts, page by page.
func TestOrdersBehindACell(t *testing.T) {
	s := openShop(t, fullShop())
	s.pullCatalogue()
	s.pullLanding("order")
	for _, by := range []report.Dimension{report.Product, report.Variant, report.Category, report.Customer, report.Country, report.Status, report.Gateway, report.Month} {
		t.Run(string(by), func(t *testing.T) {
			sales := s.sales(report.Request{Filter: report.Filter{Statuses: []string{report.AnyStatus}}, Dimensions: []report.Dimension{by}})
			for _, c := range sales.Cells[:min(len(sales.Cells), 20)] {
				if c.IsTotal() {
					continue
				}
				filter := cellFilter(sales, c)
				require.Equal(t, c.Orders, countOrders(t, s, filter), "%s %v", c.Currency, c.Keys)
				one := s.sales(report.Request{Filter: filter})
				require.Equal(t, c.Orders, one.Cells[0].Orders)
				require.Equal(t, c.Gross.String(), one.Cells[0].Gross.String())
				require.Equal(t, texts(perRate(c.Taxes)), texts(perRate(one.Cells[0].Taxes)))
			}
		})
	}
	_, _, err := report.ReadOrders(t.Context(), s.db, nil, report.Filter{}, "nonsense", 1)
	require.Equal(t, "after", fault.From(err).Field)
}

// cellFilter picks what a cell of one dimension counts.
func cellFilter(sales report.Sales, c report.Cell) report.Filter {
	filter := report.Filter{Statuses: []string{report.AnyStatus}, Currencies: []string{c.Currency}}
	values := []string{c.Keys[0].Value}
	switch sales.Dimensions[0] {
	case report.Product:
		filter.Products = values
	case report.Variant:
		filter.Variants = values
	case report.Category:
		filter.Categories = values
	case report.Customer:
		filter.Customers = values
	case report.Country:
		filter.Countries = values
	case report.Status:
		filter.Statuses = values
	case report.Gateway:
		filter.Gateways = values
	default:
		for _, p := range sales.Periods {
			if p.Name == values[0] {
				filter.From, filter.To = p.From, p.To
			}
		}
	}
	return filter
}

// countOrders pages through the list of orders.
func countOrders(t *testing.T, s *shop, filter report.Filter) (count int64) {
	t.Helper()
	zones := []report.Zone{{Instance: "demo", Location: time.UTC}}
	for after := ""; ; {
		list, next, err := report.ReadOrders(t.Context(), s.db, zones, filter, after, 7)
		require.NoError(t, err)
		for _, o := range list {
			if o.Kind == "order" {
				count++
			}
		}
		if after = next; next == "" {
			return count
		}
	}
}
