package report

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// saleGroup is what sales have in common.
type saleGroup struct {
	ID       int    `db:"id"`
	Instance string `db:"instance"`
	Currency string `db:"currency"`
	Kind     string `db:"kind"`
	Status   string `db:"status"`
	Gateway  string `db:"gateway"`
	Country  string `db:"country"`
}

// value gives the value of a dimension that is one of the group.
func (g saleGroup) value(d Dimension) string {
	switch d {
	case Instance:
		return g.Instance
	case Status:
		return g.Status
	case Gateway:
		return g.Gateway
	case Country:
		return g.Country
	default:
		return ""
	}
}

// cellOf is what is the same in all sales that are added up to one of the finest cells, but for their period and what they sold.
type cellOf struct {
	currency, kind, instance string
	values                   [MaxDimensions]string // of the dimensions that are one of the group
}

// groups are the groups that a report is about, and to which of the finest cells each belongs: columns, for unnest.
type groups struct {
	ids, cells   []int
	zones        []int // places in the span
	since, until []string
	of           []cellOf // by the numbers in cells
}

// readGroups finds the groups that the filter picks. There are few: a report goes over the numbers of sales only.
func readGroups(ctx context.Context, tx *sqlx.Tx, r Request, s span) (groups, error) {
	var args arguments
	names := make([]string, len(s.instances))
	for i, in := range s.instances {
		names[i] = in.Instance
	}
	var list []saleGroup
	err := tx.SelectContext(ctx, &list, `
		SELECT id, instance, currency, kind, status, gateway, country FROM tandem.sale_groups g
		WHERE g.instance = ANY (`+args.add(pq.Array(names))+`) AND `+r.ofSales("g", &args)+` ORDER BY id`, args...)
	var all groups
	known := map[cellOf]int{}
	for _, g := range list {
		zone := slices.Index(names, g.Instance)
		of := cellOf{currency: g.Currency, kind: g.Kind}
		if slices.Contains(r.Dimensions, Customer) {
			of.instance = g.Instance
		}
		for i, d := range r.Dimensions {
			of.values[i] = g.value(d)
		}
		number, ok := known[of]
		if !ok {
			number = len(all.of)
			known[of], all.of = number, append(all.of, of)
		}
		all.ids, all.cells, all.zones = append(all.ids, g.ID), append(all.cells, number), append(all.zones, zone)
		all.since = append(all.since, bound(s.instances[zone].Since, "-infinity"))
		all.until = append(all.until, bound(s.instances[zone].Until, "infinity"))
	}
	return all, err
}

// bound writes the end of a span for the database; an open one as given.
func bound(at *time.Time, open string) string {
	if at == nil {
		return open
	}
	return at.UTC().Format(time.RFC3339Nano)
}
