package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/fault"
)

// MaxCompared is how many orders and refunds are compared at most at once.
const MaxCompared = 20_000

// Compared is an order or a refund with what it comes to on both sides, with tax: what its customer pays, or gets back. A refund's amounts are
// positive.
type Compared struct {
	Instance string              `db:"instance"`
	WooID    string              `db:"woo_id"` // of a refund "order/refund"
	Kind     string              `db:"kind"`   // "order" or "refund"
	OrderID  string              `db:"order_id"`
	Number   string              `db:"number"`
	At       time.Time           `db:"at"`
	Currency string              `db:"currency"`
	Store    decimal.NullDecimal `db:"store"` // what the store said last; not valid where that is not kept any more
	ERP      decimal.Decimal     `db:"erp"`   // what landed, until somebody asks the ERP
}

// Differs reports whether the two sides say different amounts.
func (c Compared) Differs() bool { return c.Store.Valid && !c.Store.Decimal.Equal(c.ERP) }

// ReadCompared lists the orders and refunds that landed, in whatever status, on some days: the latest first. What the store says is the newest
// copy of it, which may be of an edit that has not landed.
func ReadCompared(ctx context.Context, db Reader, zones []Zone, filter Filter) ([]Compared, error) {
	if err := filter.check(); err != nil {
		return nil, err
	}
	list := []Compared{}
	err := db.ReadOnly(ctx, "comparing the store with the ERP", timeLimit, func(tx *sqlx.Tx) error {
		s, err := spanOf(ctx, tx, zones, Request{Filter: filter})
		if err != nil || s.empty() {
			return err
		}
		encoded, err := s.encoded()
		if err != nil {
			return err
		}
		return tx.SelectContext(ctx, &list, `
			SELECT s.instance, s.woo_id, s.kind, s.order_id, s.number, s.at, s.currency, s.goods + s.shipping + s.fees + s.tax - s.credit AS erp,
			  CASE WHEN c.said ~ '^-?[0-9]+([.][0-9]+)?$' THEN c.said::numeric END AS store
			FROM jsonb_to_recordset($1::jsonb) AS z(instance text, since timestamptz, until timestamptz)
			JOIN tandem.sales s ON s.instance = z.instance AND s.at >= coalesce(z.since, '-infinity') AND s.at < coalesce(z.until, 'infinity')
			LEFT JOIN tandem.raw_records r ON r.instance = s.instance AND r.entity = s.kind AND r.woo_id = s.woo_id
			CROSS JOIN LATERAL (
			  SELECT convert_from(r.raw, 'UTF8')::jsonb ->> CASE s.kind WHEN 'order' THEN 'total' ELSE 'amount' END AS said
			) c
			ORDER BY s.at DESC, s.id DESC LIMIT $2`, encoded, MaxCompared+1)
	})
	if err == nil && len(list) > MaxCompared {
		err = fault.Field("from", "there are more than %d orders and refunds in that time: choose a shorter range or fewer instances", MaxCompared)
	}
	return list, tooSlow(err)
}

// ComparedDay is a day of one instance in one currency: what its orders come to without what was given back, on both sides.
type ComparedDay struct {
	Instance   string
	Day        time.Time // in the instance's time zone, as midnight UTC
	Currency   string
	Sales      int // orders and refunds that were compared
	Store      decimal.Decimal
	ERP        decimal.Decimal
	Differing  int // of Sales: two differences may make up for each other
	Incomplete int // orders and refunds that were not compared, since what the store said is not kept any more
}

// Difference is by how much the ERP has more than the store.
func (d ComparedDay) Difference() decimal.Decimal { return d.ERP.Sub(d.Store) }

// CompareDays adds up what was compared: the latest day first.
func CompareDays(zones []Zone, list []Compared) []ComparedDay {
	days := []ComparedDay{}
	places := map[ComparedDay]int{}
	for _, c := range list {
		zone := zones[slices.IndexFunc(zones, func(z Zone) bool { return z.Instance == c.Instance })].Location
		key := ComparedDay{Instance: c.Instance, Day: dayOf(c.At, zone), Currency: c.Currency}
		place, ok := places[key]
		if !ok {
			place = len(days)
			places[key], days = place, append(days, key)
		}
		days[place].add(c)
	}
	slices.SortFunc(days, func(a, b ComparedDay) int {
		return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.Currency, b.Currency))
	})
	return days
}

func (d *ComparedDay) add(c Compared) {
	if !c.Store.Valid {
		d.Incomplete++
		return
	}
	store, erp := c.Store.Decimal, c.ERP
	if c.Kind == "refund" {
		store, erp = store.Neg(), erp.Neg()
	}
	d.Sales++
	d.Store, d.ERP = d.Store.Add(store), d.ERP.Add(erp)
	if c.Differs() {
		d.Differing++
	}
}
