package report

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/fault"
)

// Limits of a page of orders.
const (
	defaultOrders = 50
	maxOrders     = 500
)

// Order is an order or a refund that a report counts.
type Order struct {
	ID       int64           `db:"id"`
	Instance string          `db:"instance"`
	WooID    string          `db:"woo_id"` // of a refund "order/refund"
	Kind     string          `db:"kind"`   // "order" or "refund"
	OrderID  string          `db:"order_id"`
	Number   string          `db:"number"`
	At       time.Time       `db:"at"`
	Currency string          `db:"currency"`
	Status   string          `db:"status"`
	Gateway  string          `db:"gateway"`
	Country  string          `db:"country"`
	Customer string          `db:"customer"`
	Units    decimal.Decimal `db:"units"`
	Net      decimal.Decimal `db:"net"`
	Tax      decimal.Decimal `db:"tax"`
	Gross    decimal.Decimal `db:"gross"`
	Credit   decimal.Decimal `db:"credit"`
}

// ReadOrders lists the orders and refunds that a report counts, newest first, and gives the cursor of those that follow; "" when there are
// none. A filter by product lists the orders that have a line of it, with their whole amounts.
func ReadOrders(ctx context.Context, db Reader, zones []Zone, filter Filter, after string, limit int) (orders []Order, next string, err error) {
	if err := filter.check(); err != nil {
		return nil, "", err
	}
	last, err := readCursor(after)
	if err != nil {
		return nil, "", err
	}
	if limit <= 0 {
		limit = defaultOrders
	}
	limit = min(limit, maxOrders)
	orders = []Order{}
	err = db.ReadOnly(ctx, "listing the orders of a report", timeLimit, func(tx *sqlx.Tx) error {
		s, err := spanOf(ctx, tx, zones, Request{Filter: filter})
		if err != nil || s.empty() {
			return err
		}
		list, args, err := filter.list(s, last, limit+1)
		if err != nil {
			return err
		}
		return tx.SelectContext(ctx, &orders, list, args...)
	})
	if err != nil {
		return nil, "", tooSlow(err)
	}
	if len(orders) > limit {
		orders = orders[:limit]
		next = orders[limit-1].cursor()
	}
	return orders, next, nil
}

// list gives the statement of a list that goes on after a cursor. Each instance, or each item that is picked, gives its newest ones by index,
// and the newest of these are the list: what lies before is not looked at.
func (f Filter) list(s span, last *place, limit int) (statement string, args arguments, err error) {
	zones, err := s.encoded()
	if err != nil {
		return "", nil, err
	}
	spans := `jsonb_to_recordset(` + args.add(zones) + `::jsonb) AS z(instance text, since timestamptz, until timestamptz)`
	inSpan := `x.at >= coalesce(z.since, '-infinity') AND x.at < coalesce(z.until, 'infinity')`
	newest := ` ORDER BY at DESC, id DESC LIMIT ` + args.add(limit)
	var found string
	switch {
	case f.ofLines():
		if len(f.Customers) > 0 {
			inSpan += ` AND EXISTS (SELECT FROM tandem.sales s WHERE s.id = x.sale AND ` + f.ofCustomers("s", &args) + `)`
		}
		found = `
		  SELECT DISTINCT l.at, l.id FROM ` + spans + ` JOIN tandem.sale_items i ON i.instance = z.instance
		  LEFT JOIN tandem.sold_products p ON p.instance = i.instance AND p.woo_id = i.product
		  CROSS JOIN LATERAL (
		    SELECT DISTINCT x.at, x.sale AS id FROM tandem.line_figures x
		    WHERE x.sale_item = i.id AND ` + inSpan + last.before("x.sale", &args) + `
		      AND x.sale_group = ANY (ARRAY(SELECT g.id FROM tandem.sale_groups g WHERE ` + f.ofSales("g", &args) + `))` + newest + `
		  ) l WHERE ` + f.ofItems("i", "i", &args) + newest
	case len(f.Customers) > 0: // who have few each
		found = `
		  SELECT x.at, x.id FROM ` + spans + ` JOIN tandem.sales x ON x.instance = z.instance
		  WHERE ` + f.ofCustomers("x", &args) + ` AND ` + inSpan + last.before("x.id", &args) + ` AND ` + f.ofSales("x", &args) + newest
	case f.ofGroups(): // each group gives its newest by index: of a rare country, gateway or status nothing else is looked at
		found = `
		  SELECT l.at, l.id FROM ` + spans + ` JOIN tandem.sale_groups g ON g.instance = z.instance AND ` + f.ofSales("g", &args) + `
		  CROSS JOIN LATERAL (
		    SELECT x.at, x.sale AS id FROM tandem.sale_figures x
		    WHERE x.sale_group = g.id AND x.sales = 1 AND ` + inSpan + last.before("x.sale", &args) + newest + `
		  ) l` + newest
	default:
		found = `
		  SELECT l.at, l.id FROM ` + spans + ` CROSS JOIN LATERAL (
		    SELECT x.at, x.id FROM tandem.sales x
		    WHERE x.instance = z.instance AND ` + inSpan + last.before("x.id", &args) + ` AND ` + f.ofSales("x", &args) + newest + `
		  ) l` + newest
	}
	return `
		WITH found AS (` + found + `)
		SELECT s.id, s.instance, s.woo_id, s.kind, s.order_id, s.number, s.at, s.currency, s.status, s.gateway, s.country,
		  s.instance || '/' || s.customer AS customer, s.units, s.goods + s.shipping + s.fees AS net, s.tax,
		  s.goods + s.shipping + s.fees + s.tax AS gross, s.credit
		FROM found JOIN tandem.sales s ON s.id = found.id ORDER BY s.at DESC, s.id DESC`, args, nil
}

// place is where a page of orders ended.
type place struct {
	at time.Time
	id int64
}

// before gives the condition of what follows in a list: rows x, whose sales have a number.
func (p *place) before(number string, args *arguments) string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf(" AND (x.at, %s) < (%s, %s)", number, args.add(p.at), args.add(p.id))
}

func (o Order) cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d/%d", o.At.UnixMicro(), o.ID))
}

// readCursor reads what cursor wrote.
func readCursor(text string) (*place, error) {
	if text == "" {
		return nil, nil
	}
	refused := fault.Field("after", "is not a cursor of this list")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, refused
	}
	at, id, _ := strings.Cut(string(raw), "/")
	micros, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return nil, refused
	}
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, refused
	}
	return &place{time.UnixMicro(micros).UTC(), number}, nil
}
