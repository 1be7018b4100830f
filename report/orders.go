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

// list gives the statement of a list that goes on after a cursor.
func (f Filter) list(s span, last *place, limit int) (statement string, args arguments, err error) {
	zones, err := s.encoded()
	if err != nil {
		return "", nil, err
	}
	from := `jsonb_to_recordset(` + args.add(zones) + `::jsonb) AS z(instance text, since timestamptz, until timestamptz)
		JOIN tandem.sales s ON z.instance = s.instance AND s.at >= coalesce(z.since, '-infinity') AND s.at < coalesce(z.until, 'infinity')`
	condition := f.ofSales("s", &args) + " AND " + f.ofCustomers(&args)
	if f.ofLines() {
		condition += ` AND EXISTS (
		  SELECT FROM tandem.sale_lines l LEFT JOIN tandem.sold_products p ON p.instance = s.instance AND p.woo_id = l.product
		  WHERE l.sale = s.id AND ` + f.ofItems("s", "l", &args) + `)`
	}
	if last != nil {
		condition += fmt.Sprintf(" AND (s.at, s.id) < (%s, %s)", args.add(last.at), args.add(last.id))
	}
	return `
		SELECT s.id, s.instance, s.woo_id, s.kind, s.order_id, s.number, s.at, s.currency, s.status, s.gateway, s.country,
		  s.instance || '/' || s.customer AS customer, s.units, s.goods + s.shipping + s.fees AS net, s.tax,
		  s.goods + s.shipping + s.fees + s.tax AS gross, s.credit
		FROM ` + from + `
		WHERE ` + condition + `
		ORDER BY s.at DESC, s.id DESC LIMIT ` + args.add(limit), args, nil
}

// place is where a page of orders ended.
type place struct {
	at time.Time
	id int64
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
