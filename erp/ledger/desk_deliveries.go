package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/salecycle"
	"tandem/fault"
)

// Deliveries lists the deliveries of an order.
func (l *Ledger) Deliveries(ctx context.Context, order string) (found []erp.Delivery, err error) {
	id, err := ledgerID(order)
	if err != nil {
		return nil, err
	}
	err = l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		var exists bool
		if err := tx.GetContext(ctx, &exists, `SELECT EXISTS (SELECT FROM ledger.orders WHERE id = $1)`, id); err != nil {
			return classify(err)
		}
		if !exists {
			return fault.New(fault.NotFound, "the ledger has no order %q", order)
		}
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, `SELECT id FROM ledger.deliveries WHERE order_id = $1 ORDER BY id`, id); err != nil {
			return classify(err)
		}
		found, err = ownDeliveries(ctx, tx, ids)
		return err
	})
	return found, err
}

func ownDeliveries(ctx context.Context, tx *sqlx.Tx, ids []int64) ([]erp.Delivery, error) {
	return recordReader{tx: tx, instance: erp.OwnInstance, own: true}.deliveries(ctx, ids)
}

// ShipLines ships some lines of an order, or all that is left of it, once for each request.
func (l *Ledger) ShipLines(ctx context.Context, request, order string, lines []erp.ShipmentLine, tracking erp.Tracking) (made erp.Delivery, err error) {
	if err := checkTracking(tracking); err != nil {
		return made, err
	}
	err = l.inTx(ctx, func(tx *sqlx.Tx) error {
		id, err := lockedOwnID(ctx, tx, order)
		if err != nil {
			return err
		}
		var delivery int64
		err = tx.GetContext(ctx, &delivery, `SELECT id FROM ledger.deliveries WHERE request = $1`, request)
		if errors.Is(err, sql.ErrNoRows) {
			delivery, err = shipByHand(ctx, tx, id, lines)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `UPDATE ledger.deliveries SET request = $2, carrier = $3, tracking_number = $4, tracking_url = $5 WHERE id = $1`,
				delivery, request, tracking.Carrier, tracking.Number, tracking.URL)
		}
		if err != nil {
			return classify(err)
		}
		made, err = ownDelivery(ctx, tx, delivery)
		return err
	})
	return made, err
}

func ownDelivery(ctx context.Context, tx *sqlx.Tx, id int64) (erp.Delivery, error) {
	found, err := ownDeliveries(ctx, tx, []int64{id})
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "the ledger has no delivery %d", id)
	}
	if err != nil {
		return erp.Delivery{}, err
	}
	return found[0], nil
}

// shipByHand ships lines of a locked order with the delivery that is ready, and gives that one's id.
func shipByHand(ctx context.Context, tx *sqlx.Tx, order int64, asked []erp.ShipmentLine) (int64, error) {
	row, err := readState(ctx, tx, order)
	if err != nil {
		return 0, err
	}
	if _, err := salecycle.Allowed(erp.StepShip, row.state(), row.Done > 0); err != nil {
		return 0, err
	}
	var delivery int64
	err = tx.GetContext(ctx, &delivery, `SELECT id FROM ledger.deliveries WHERE order_id = $1 AND state = 'ready'`, order)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "nothing is left to ship of the order")
	}
	if err != nil {
		return 0, classify(err)
	}
	var due []dueLine
	if err := tx.SelectContext(ctx, &due, selectDueLines, order); err != nil {
		return 0, classify(err)
	}
	part, err := partOf(due, asked)
	if err != nil {
		return 0, err
	}
	return delivery, part.ship(ctx, tx, order)
}

const selectDueLines = `
SELECT l.position, l.store_line, l.variant_id, l.quantity - l.shipped AS rest
FROM ledger.order_lines l
JOIN ledger.variants v ON v.id = l.variant_id
JOIN ledger.products p ON p.id = v.product_id
WHERE l.order_id = $1 AND l.shipped < l.quantity AND NOT p.virtual
ORDER BY l.position`

// dueLine is a line of an order of which something is left to ship.
type dueLine struct {
	Position  int             `db:"position"`
	StoreLine string          `db:"store_line"`
	Variant   int64           `db:"variant_id"`
	Rest      decimal.Decimal `db:"rest"`
}

// shippedPart is what leaves of an order.
type shippedPart struct {
	whole      bool
	positions  []int64
	quantities []string
	byVariant  map[int64]decimal.Decimal
}

// partOf finds what of an order is to leave; all that is left when nothing is named.
func partOf(due []dueLine, asked []erp.ShipmentLine) (shippedPart, error) {
	part := shippedPart{byVariant: map[int64]decimal.Decimal{}, whole: len(asked) == 0}
	left := 0
	var problems []error
	named := map[string]bool{}
	for i, line := range asked {
		field := fmt.Sprintf("lines[%d]", i)
		at := slices.IndexFunc(due, func(d dueLine) bool { return d.StoreLine == line.Line })
		switch {
		case at < 0:
			problems = append(problems, fault.Field(field+".line", "%q is no line of the order of which goods are left to ship", line.Line))
			continue
		case named[line.Line]:
			problems = append(problems, fault.Field(field+".line", "%q is given twice", line.Line))
		case !line.Quantity.IsPositive():
			problems = append(problems, fault.Field(field+".quantity", "must be more than 0"))
		case line.Quantity.GreaterThan(due[at].Rest):
			problems = append(problems, fault.Field(field+".quantity", "must not be more than the %s that are left to ship", due[at].Rest))
		}
		named[line.Line] = true
		if line.Quantity.Equal(due[at].Rest) {
			left++
		}
		part.positions = append(part.positions, int64(due[at].Position))
		part.quantities = append(part.quantities, line.Quantity.String())
		part.byVariant[due[at].Variant] = part.byVariant[due[at].Variant].Add(line.Quantity)
	}
	part.whole = part.whole || left == len(due)
	return part, errors.Join(problems...)
}

const shipPositions = `
WITH leaving AS (
    SELECT * FROM unnest($2::int[], $3::numeric[]) AS p (position, quantity)
)` + noteShipped

// ship takes the part from the shelves. What is left of the order gets a delivery of its own.
func (p shippedPart) ship(ctx context.Context, tx executor, order int64) error {
	var moves []dueMove
	if err := tx.SelectContext(ctx, &moves, selectDueMoves, order); err != nil {
		return classify(err)
	}
	var short []int64
	var variants pq.Int64Array
	var taken, rest []string
	for _, m := range moves {
		wanted := m.Quantity
		if !p.whole {
			wanted = p.byVariant[m.Variant]
		}
		if m.available().LessThan(wanted) {
			short = append(short, m.Variant)
		}
		variants = append(variants, m.Variant)
		taken, rest = append(taken, wanted.String()), append(rest, m.Quantity.Sub(wanted).String())
	}
	if len(short) > 0 {
		return noStock(ctx, tx, erp.OwnInstance, short, false)
	}
	if p.whole {
		_, err := tx.ExecContext(ctx, deliver, order)
		return classify(err)
	}
	if _, err := tx.ExecContext(ctx, splitDelivery, order, variants, pq.Array(taken), pq.Array(rest)); err != nil {
		return classify(err)
	}
	if _, err := tx.ExecContext(ctx, shipPositions, order, pq.Array(p.positions), pq.Array(p.quantities)); err != nil {
		return classify(err)
	}
	return reserve(ctx, tx, order)
}

// TrackDelivery says how a delivery went out, or is to go out.
func (l *Ledger) TrackDelivery(ctx context.Context, text string, tracking erp.Tracking) (now erp.Delivery, err error) {
	if err := checkTracking(tracking); err != nil {
		return now, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return now, fault.New(fault.NotFound, "the ledger has no delivery %q", text)
	}
	err = l.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE ledger.deliveries SET carrier = $2, tracking_number = $3, tracking_url = $4
			WHERE id = $1 AND (carrier, tracking_number, tracking_url) IS DISTINCT FROM ($2, $3, $4)`,
			id, tracking.Carrier, tracking.Number, tracking.URL)
		if err != nil {
			return classify(err)
		}
		now, err = ownDelivery(ctx, tx, id)
		return err
	})
	return now, err
}

// The longest that is kept of how a delivery goes out.
const (
	maxTracking    = 100
	maxTrackingURL = 1000
)

// checkTracking refuses what no shop could show. What people type has no spaces around it by then.
func checkTracking(t erp.Tracking) error {
	var problems []error
	for field, text := range map[string]string{"carrier": t.Carrier, "tracking_number": t.Number} {
		if utf8.RuneCountInString(text) > maxTracking {
			problems = append(problems, fault.Field(field, "must have at most %d characters", maxTracking))
		}
	}
	if t.URL != "" {
		address, err := url.Parse(t.URL)
		if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" || len(t.URL) > maxTrackingURL {
			problems = append(problems, fault.Field("tracking_url", "must be an address of the web, e.g. https://carrier.example/track/123, of at most %d characters",
				maxTrackingURL))
		}
	}
	return errors.Join(problems...)
}
