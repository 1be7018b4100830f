package report

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// Limits of a printed report.
const (
	// MaxListed is how many orders and refunds it lists at most.
	MaxListed = 20_000
	// topProducts is how many products it names, per currency.
	topProducts = 10
)

// DocumentRequest asks for what a printed report of one instance shows.
type DocumentRequest struct {
	Zone     Zone
	From, To time.Time // the first and the last day, in the instance's time zone, as midnight UTC
	Listed   bool      // whether it lists each order and refund
}

// Document is what a printed report of one instance shows. All of it is of one moment, so that its parts add up to the same sums.
type Document struct {
	Request   DocumentRequest
	Period    Dimension // what Periods are: as long as the days of the report ask for
	Total     Sales     // by nothing
	Periods   Sales
	Products  Sales // single cells only: those that brought in most, the first of them first
	Countries Sales
	Gateways  Sales
	Orders    []Order // oldest first
}

// within reads in a transaction that is open already.
type within struct{ tx *sqlx.Tx }

func (w within) ReadOnly(_ context.Context, _ string, _ time.Duration, read func(*sqlx.Tx) error) error {
	return read(w.tx)
}

// ReadDocument reads what a printed report shows.
func ReadDocument(ctx context.Context, db Reader, r DocumentRequest) (Document, error) {
	d := Document{Request: r, Period: periodFor(r.From, r.To)}
	if r.From.IsZero() || r.To.IsZero() {
		return d, fault.Field("from", "a printed report needs its first and its last day")
	}
	filter := Filter{From: r.From, To: r.To, Instances: []string{r.Zone.Instance}}
	if err := filter.check(); err != nil {
		return d, err
	}
	err := db.ReadOnly(ctx, "reading a printed report", timeLimit, func(tx *sqlx.Tx) error { return d.read(ctx, tx, filter) })
	return d, tooSlow(err)
}

func (d *Document) read(ctx context.Context, tx *sqlx.Tx, filter Filter) (err error) {
	zones := []Zone{d.Request.Zone}
	for _, part := range []struct {
		into *Sales
		by   []Dimension
	}{{&d.Total, nil}, {&d.Periods, []Dimension{d.Period}}, {&d.Countries, []Dimension{Country}}, {&d.Gateways, []Dimension{Gateway}}} {
		if *part.into, err = ReadSales(ctx, within{tx}, zones, Request{Filter: filter, Dimensions: part.by}); err != nil {
			return err
		}
	}
	if d.Products, err = readTopProducts(ctx, tx, zones, filter); err != nil || !d.Request.Listed {
		return err
	}
	return d.list(ctx, tx, zones, filter)
}

// periodFor gives the period in which a chart over some days has neither too few bars nor too many.
func periodFor(from, to time.Time) Dimension {
	switch days := int(to.Sub(from).Hours()/24) + 1; {
	case days <= 45:
		return Day
	case days <= 200:
		return Week
	case days <= 4*366:
		return Month
	case days <= 12*366:
		return Quarter
	default:
		return Year
	}
}

// readTopProducts reads the products that brought in most. A shop may have more products than a report may have cells.
func readTopProducts(ctx context.Context, tx *sqlx.Tx, zones []Zone, filter Filter) (Sales, error) {
	request := Request{Filter: filter, Dimensions: []Dimension{Product}}
	sales := Sales{Dimensions: request.Dimensions, Cells: []Cell{}}
	s, err := spanOf(ctx, tx, zones, request)
	if err != nil {
		return sales, err
	}
	q, err := newFigures(ctx, tx, request, s)
	if err != nil || q.empty() {
		return sales, err
	}
	var rows []struct {
		row
		Figures
	}
	err = tx.SelectContext(ctx, &rows, fmt.Sprintf(`
		%s
		SELECT currency, k1, level, `+figureNames+`
		FROM (
		  SELECT *, row_number() OVER (PARTITION BY currency ORDER BY net DESC, k1) AS rank FROM (%s) c
		  WHERE level = 0 AND k1 <> '' AND net > 0
		) ranked WHERE rank <= %d ORDER BY currency, rank`, q.with(), q.amounts(), topProducts), q.args...)
	if err != nil {
		return sales, err
	}
	for _, r := range rows {
		sales.Cells = append(sales.Cells, Cell{Currency: r.Currency, Figures: r.Figures, Keys: q.cellKeys(r.row)})
	}
	return sales, label(ctx, tx, q.Dimensions, sales.Cells)
}

// list reads the orders and refunds, oldest first.
func (d *Document) list(ctx context.Context, tx *sqlx.Tx, zones []Zone, filter Filter) error {
	s, err := spanOf(ctx, tx, zones, Request{Filter: filter})
	if err != nil {
		return err
	}
	list, args, err := filter.list(s, nil, MaxListed+1)
	if err != nil {
		return err
	}
	if err := tx.SelectContext(ctx, &d.Orders, `SELECT * FROM (`+list+`) newest ORDER BY at, id`, args...); err != nil {
		return err
	}
	if len(d.Orders) > MaxListed {
		return fault.Field("to", "there are more than %d orders and refunds in that time, which this layout lists one by one: choose a shorter range or another layout", MaxListed)
	}
	return nil
}

// AllPeriods lists the periods of the report, those without sales too.
func (d Document) AllPeriods() []Period {
	firsts, err := d.Period.periods(d.Request.From, d.Request.To)
	if err != nil {
		return d.Periods.Periods
	}
	list := make([]Period, len(firsts))
	for i, first := range firsts {
		list[i] = Period{Name: d.Period.name(first), From: first, To: d.Period.next(first).AddDate(0, 0, -1)}
	}
	return list
}
