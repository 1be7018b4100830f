// Package pdf prints reports: the sales of one instance over some days, in a layout that people choose. The same figures in the same layout
// are the same bytes.
package pdf

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/shopspring/decimal"

	"tandem/instance"
	"tandem/report"
)

// Title says of what a report is.
type Title struct {
	Store    string // its name, as people gave it
	Language string // the store's
}

// Print reads and prints the sales of an instance over some days.
func Print(ctx context.Context, db report.Reader, in instance.Instance, zone *time.Location, from, to time.Time, l report.Layout) ([]byte, error) {
	l, err := l.Complete()
	if err != nil {
		return nil, err
	}
	d, err := report.ReadDocument(ctx, db, report.DocumentRequest{
		Zone: report.Zone{Instance: in.ID, Location: zone}, From: from, To: to, Listed: l.Style == "table",
	})
	if err != nil {
		return nil, err
	}
	return Sales(d, Title{Store: cmp.Or(in.Name, in.ID), Language: in.Store.Language}, l)
}

// Sales prints the sales of an instance.
func Sales(d report.Document, title Title, l report.Layout) ([]byte, error) {
	l, err := l.Complete()
	if err != nil {
		return nil, err
	}
	language := l.Language
	if language == "" {
		language = title.Language
	}
	s := newSheet(l, language, "")
	days := s.days(d.Request)
	s.SetTitle(s.SalesReport+" · "+title.Store+" · "+days, true)
	if l.Style == "compact" {
		s.size = 7.5
	}
	s.newPage()
	if err := s.masthead(title.Store, days); err != nil {
		return nil, err
	}
	p := salesPrinter{s, d}
	p.print()
	if s.lost {
		s.room(10)
		s.write(margin, s.y+7, s.width(), s.Missing, look{size: 7.5, colour: s.ink.light(0.25)})
	}
	return s.finish(title.Store + " · " + days)
}

// masthead prints the logo, the title, the store and the days.
func (s *sheet) masthead(store, days string) error {
	const high = 18.0
	room := s.width()
	if len(s.layout.Logo) > 0 {
		options := fpdf.ImageOptions{ImageType: "PNG"}
		info := s.RegisterImageOptionsReader("logo", options, bytes.NewReader(s.layout.Logo))
		if err := s.Error(); err != nil {
			return err
		}
		wide, tall := info.Width(), info.Height()
		scale := min(60/wide, (high-4)/tall)
		s.ImageOptions("logo", margin+s.width()-wide*scale, s.y, wide*scale, tall*scale, false, options, 0, "")
		room -= wide*scale + 4
	}
	s.write(margin, s.y+6.5, room, s.SalesReport, look{size: 18, bold: true, colour: s.strong()})
	s.write(margin, s.y+12.5, room, store+"  ·  "+days, look{size: 11, colour: s.ink})
	s.y += high
	s.fill(margin, s.y-2, s.width(), 0.8, s.accent)
	return nil
}

// salesPrinter prints the parts of a sales report.
type salesPrinter struct {
	*sheet
	d report.Document
}

func (p salesPrinter) print() {
	if len(p.d.Total.Cells) == 0 {
		p.write(margin, p.y+10, p.width(), p.Nothing, look{size: 11, colour: p.ink})
		p.y += 14
		return
	}
	for _, total := range p.d.Total.Cells {
		p.figures(total)
		switch p.layout.Style {
		case "compact":
			p.periods(total)
			p.taxes(total)
		case "table":
			p.taxes(total)
			p.list(total)
		default:
			p.graph(total)
			p.periods(total)
			p.products(total)
			p.shares(p.d.Countries, p.ByCountry, p.Country, total, p.country)
			p.shares(p.d.Gateways, p.ByGateway, p.Gateway, total, func(name string) string { return name })
			p.taxes(total)
		}
	}
}

// money writes an amount in a currency's coins.
func (p salesPrinter) money(d decimal.Decimal, currency string) string {
	return p.amount(d, max(instance.CurrencyDecimals(currency), -normal(d).Exponent()))
}

// figures prints what was sold in one currency as boxes.
func (p salesPrinter) figures(c report.Cell) {
	p.heading(p.Figures+" · "+c.Currency, 30)
	average := "–"
	if c.Orders > 0 {
		average = p.money(c.Average, c.Currency)
	}
	boxes := [][2]string{
		{p.Orders, p.count(c.Orders)}, {p.Units, p.number(c.Units)}, {p.Gross, p.money(c.Gross, c.Currency)}, {p.Average, average},
		{p.Net, p.money(c.Net, c.Currency)}, {p.Tax, p.money(c.Tax, c.Currency)}, {p.Discounts, p.money(c.Discounts, c.Currency)},
		{p.Refunds, p.money(c.Refunds, c.Currency)}, {p.Goods, p.money(c.Goods, c.Currency)}, {p.Shipping, p.money(c.Shipping, c.Currency)},
		{p.Fees, p.money(c.Fees, c.Currency)}, {p.Credit, p.money(c.Credit, c.Currency)},
	}
	const across, gap = 4, 2.0
	high := p.size * 1.3
	wide := (p.width() - gap*(across-1)) / across
	for i, box := range boxes {
		x, y := margin+float64(i%across)*(wide+gap), p.y+float64(i/across)*(high+gap)
		p.fill(x, y, wide, high, p.accent.light(0.9))
		p.write(x+2, y+high*0.36, wide-4, box[0], look{size: p.size - 1.5, colour: p.ink.light(0.2)})
		p.write(x+2, y+high*0.83, wide-4, box[1], look{size: p.size + 2.5, bold: true, colour: p.ink})
	}
	p.y += float64((len(boxes)+across-1)/across) * (high + gap)
}

// cellsOf picks the single cells of a currency.
func cellsOf(s report.Sales, currency string) []report.Cell {
	return slices.DeleteFunc(slices.Clone(s.Cells), func(c report.Cell) bool { return c.IsTotal() || c.Currency != currency })
}

// graph draws what was sold in each period, those without sales too.
func (p salesPrinter) graph(total report.Cell) {
	gross := map[string]decimal.Decimal{}
	for _, c := range cellsOf(p.d.Periods, total.Currency) {
		gross[c.Keys[0].Value] = c.Gross
	}
	var bars []bar
	for _, period := range p.d.AllPeriods() {
		bars = append(bars, bar{p.periodName(period), gross[period.Name]})
	}
	p.heading(p.ByPeriod+" · "+p.Gross+" · "+total.Currency, chartHeight)
	p.chart(bars)
}

// periodName is what a period is called: days as people write them, and the others as they stand in reports.
func (p salesPrinter) periodName(period report.Period) string {
	if p.d.Period == report.Day {
		return p.day(period.From)
	}
	return period.Name
}

func (p salesPrinter) periodHead() string {
	return map[report.Dimension]string{report.Day: p.Day, report.Week: p.Week, report.Month: p.Month, report.Quarter: p.Quarter, report.Year: p.Year}[p.d.Period]
}

// amountColumns are the measures in tables, and amounts their values.
func (p salesPrinter) amountColumns(first column) []column {
	return []column{first, {head: p.Orders, align: right}, {head: p.Units, align: right}, {head: p.Net, align: right}, {head: p.Tax, align: right}, {head: p.Gross, align: right}, {head: p.Refunds, align: right}}
}

func (p salesPrinter) amounts(first string, c report.Cell) []string {
	return []string{first, p.count(c.Orders), p.number(c.Units), p.money(c.Net, c.Currency), p.money(c.Tax, c.Currency), p.money(c.Gross, c.Currency),
		p.money(c.Refunds, c.Currency)}
}

// periods prints the periods that have sales.
func (p salesPrinter) periods(total report.Cell) {
	t := table{columns: p.amountColumns(column{head: p.periodHead()}), total: p.amounts(p.Total, total)}
	names := map[string]string{}
	for _, period := range p.d.Periods.Periods {
		names[period.Name] = p.periodName(period)
	}
	for _, c := range cellsOf(p.d.Periods, total.Currency) {
		t.rows = append(t.rows, p.amounts(names[c.Keys[0].Value], c))
	}
	p.heading(p.ByPeriod+" · "+total.Currency, 3*p.rowHeight())
	p.table(t)
}

// products prints what brought in most. There is no total: it would be one of some products only.
func (p salesPrinter) products(total report.Cell) {
	cells := cellsOf(p.d.Products, total.Currency)
	if len(cells) == 0 {
		return
	}
	t := table{columns: append([]column{{head: "#", whole: true}}, p.amountColumns(column{head: p.Product})...)}
	for _, c := range cells {
		_, id, _ := strings.Cut(c.Keys[0].Value, "/")
		t.rows = append(t.rows, append([]string{id}, p.amounts(c.Keys[0].Label, c)...))
	}
	p.heading(p.BestSelling+" · "+total.Currency, 3*p.rowHeight())
	p.table(t)
}

// shares prints the values of a dimension, those that brought in most first.
func (p salesPrinter) shares(sales report.Sales, title, head string, total report.Cell, name func(string) string) {
	cells := cellsOf(sales, total.Currency)
	slices.SortStableFunc(cells, func(a, b report.Cell) int { return b.Gross.Cmp(a.Gross) })
	t := table{columns: p.amountColumns(column{head: head}), total: p.amounts(p.Total, total)}
	for _, c := range cells {
		label := p.None
		if c.Keys[0].Value != "" {
			label = name(c.Keys[0].Value)
		}
		t.rows = append(t.rows, p.amounts(label, c))
	}
	p.heading(title+" · "+total.Currency, 3*p.rowHeight())
	p.table(t)
}

// taxes prints the tax of each rate.
func (p salesPrinter) taxes(total report.Cell) {
	for _, part := range []struct {
		title string
		taxes []report.TaxSum
		sum   decimal.Decimal
	}{{p.Taxes, total.Taxes, total.Tax}, {p.TaxesRefunded, total.RefundTaxes, total.RefundTax}} {
		if len(part.taxes) == 0 {
			continue
		}
		t := table{
			columns: []column{{head: p.Tax}, {head: p.Rate, align: right}, {head: p.Total, align: right}},
			total:   []string{p.Total, "", p.money(part.sum, total.Currency)},
		}
		for _, tax := range part.taxes {
			t.rows = append(t.rows, []string{tax.Label, p.number(tax.Rate) + "\u00a0%", p.money(tax.Amount, total.Currency)})
		}
		p.heading(part.title+" · "+total.Currency, 3*p.rowHeight())
		p.table(t)
	}
}

// list prints each order and refund. What refunds gave back is taken off in their rows, and the sums are those of the orders and of the refunds.
func (p salesPrinter) list(total report.Cell) {
	t := table{columns: []column{
		{head: p.Day, whole: true}, {head: p.Number, whole: true}, {head: p.Kind}, {head: p.Status}, {head: p.Country}, {head: p.Gateway},
		{head: p.Units, align: right}, {head: p.Net, align: right}, {head: p.Tax, align: right}, {head: p.Gross, align: right},
	}}
	for _, o := range p.d.Orders {
		if o.Currency != total.Currency {
			continue
		}
		kind, sign := p.Order, decimal.NewFromInt(1)
		if o.Kind == "refund" {
			kind, sign = p.Refund, decimal.NewFromInt(-1)
		}
		t.rows = append(t.rows, []string{
			p.day(o.At.In(p.d.Request.Zone.Location)), o.Number, kind, o.Status, p.country(o.Country), o.Gateway, p.number(o.Units.Mul(sign)),
			p.money(o.Net.Mul(sign), o.Currency), p.money(o.Tax.Mul(sign), o.Currency), p.money(o.Gross.Mul(sign), o.Currency),
		})
	}
	net, tax := total.Net.Sub(total.RefundNet), total.Tax.Sub(total.RefundTax)
	t.total = []string{p.Total, "", "", "", "", "", p.number(total.Units.Sub(total.RefundUnits)), p.money(net, total.Currency),
		p.money(tax, total.Currency), p.money(net.Add(tax), total.Currency)}
	p.heading(fmt.Sprintf("%s · %s", p.Listed, total.Currency), 3*p.rowHeight())
	p.table(t)
}
