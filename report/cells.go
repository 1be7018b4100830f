package report

import (
	"context"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/fault"
	"tandem/report/fact"
)

// row is a cell as the database gives it.
type row struct {
	Currency string  `db:"currency"`
	K1       *string `db:"k1"`
	K2       *string `db:"k2"`
	K3       *string `db:"k3"`
	Level    int     `db:"level"` // a bit for each dimension over which it is a total, that of the last one the lowest
}

// keyed identifies a cell.
type keyed struct {
	currency   string
	k1, k2, k3 string
	level      int
}

func (r row) id() keyed {
	return keyed{r.Currency, orEmpty(r.K1), orEmpty(r.K2), orEmpty(r.K3), r.Level}
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// read reads the cells of a report: the amounts, the taxes per rate, and where rows do not say it how many orders there were.
func (q *figures) read(ctx context.Context, tx *sqlx.Tx) ([]Cell, error) {
	if q.empty() {
		return []Cell{}, nil
	}
	var rows []struct {
		row
		Kind  *string          `db:"kind"`
		Rate  *decimal.Decimal `db:"rate"` // NULL in rows of amounts
		Label *string          `db:"label"`
		Place int              `db:"place"` // that cells are sorted by
		Figures
	}
	if err := tx.SelectContext(ctx, &rows, q.statement(), q.args...); err != nil {
		return nil, err
	}
	cells := []Cell{}
	places := map[keyed]int{}
	for _, r := range rows {
		if r.Rate == nil {
			places[r.id()] = len(cells)
			cells = append(cells, Cell{Currency: r.Currency, Figures: r.Figures, Keys: q.cellKeys(r.row)})
			continue
		}
		cell, sum := &cells[places[r.id()]], TaxSum{Label: *r.Label, Rate: *r.Rate, Amount: r.Tax}
		if *r.Kind == fact.Order {
			cell.Taxes = append(cell.Taxes, sum)
		} else {
			cell.RefundTaxes = append(cell.RefundTaxes, sum)
		}
	}
	if len(cells) > MaxCells {
		return nil, q.tooMany()
	}
	if err := q.countOrders(ctx, tx, cells, places); err != nil {
		return nil, err
	}
	for i := range cells {
		cells[i].finish()
	}
	return cells, label(ctx, tx, q.Dimensions, cells)
}

// tooMany says what to narrow.
func (q *figures) tooMany() error {
	return fault.Field("by", "the report has more than %d cells, totals included: choose a shorter range or longer periods, fewer dimensions than %s, "+
		"or filter by one of them", MaxCells, joined(q.Dimensions))
}

// cellKeys gives the keys of a cell.
func (q *figures) cellKeys(r row) []Key {
	keys := make([]Key, len(q.Dimensions))
	for i, value := range []*string{r.K1, r.K2, r.K3}[:len(q.Dimensions)] {
		switch {
		case r.Level>>(len(q.Dimensions)-1-i)&1 == 1:
			keys[i].All = true
		case q.Dimensions[i].IsPeriod():
			keys[i].Value = q.span.nameOf(orEmpty(value))
		default:
			keys[i].Value = orEmpty(value)
		}
	}
	return keys
}

// nameOf gives the name of a period by its number, from 1.
func (s span) nameOf(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(s.periods) {
		return ""
	}
	return s.periods[n-1].Name
}
