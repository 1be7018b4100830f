package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// span is the time that a report is about, in each of its instances.
type span struct {
	instances []instanceSpan
	periods   []Period
}

// Period is a period of time by its first and last day, as midnight UTC: as much of it as the report is about.
type Period struct {
	Name     string
	From, To time.Time
}

// instanceSpan is the time in one instance, as the database reads it: its days and periods begin where its clock says so.
type instanceSpan struct {
	Instance string      `json:"instance"`
	Since    *time.Time  `json:"since"`
	Until    *time.Time  `json:"until"`
	Starts   []time.Time `json:"starts"` // of the periods
}

func (s span) empty() bool { return len(s.instances) == 0 }

// encoded gives the span for jsonb_to_recordset.
func (s span) encoded() (string, error) {
	text, err := json.Marshal(s.instances)
	return string(text), err
}

// spanOf finds the span of a request. Where it has periods and no end, the sales say where it begins and ends.
func spanOf(ctx context.Context, tx *sqlx.Tx, zones []Zone, r Request) (span, error) {
	zones = slices.Clone(zones)
	if len(r.Instances) > 0 {
		zones = slices.DeleteFunc(zones, func(z Zone) bool { return !slices.Contains(r.Instances, z.Instance) })
	}
	from, to, period := r.From, r.To, r.period()
	if period != "" && (from.IsZero() || to.IsZero()) {
		first, last, err := extent(ctx, tx, zones)
		if err != nil || first.IsZero() {
			return span{}, err
		}
		if from.IsZero() {
			from = first
		}
		if to.IsZero() {
			to = last
		}
		if to.Before(from) {
			return span{}, nil
		}
	}
	var s span
	var firsts []time.Time
	if period != "" {
		var err error
		if firsts, err = period.periods(from, to); err != nil {
			return span{}, err
		}
		for _, first := range firsts {
			p := Period{Name: period.name(first), From: first, To: period.next(first).AddDate(0, 0, -1)}
			if p.From.Before(from) {
				p.From = from
			}
			if p.To.After(to) {
				p.To = to
			}
			s.periods = append(s.periods, p)
		}
	}
	for _, z := range zones {
		s.instances = append(s.instances, spanIn(z, from, to, firsts))
	}
	return s, nil
}

func spanIn(z Zone, from, to time.Time, firsts []time.Time) instanceSpan {
	in := instanceSpan{Instance: z.Instance, Starts: make([]time.Time, len(firsts))}
	if !from.IsZero() {
		since := midnight(from, z.Location)
		in.Since = &since
	}
	if !to.IsZero() {
		until := midnight(to.AddDate(0, 0, 1), z.Location)
		in.Until = &until
	}
	for i, first := range firsts {
		in.Starts[i] = midnight(first, z.Location)
	}
	return in
}

// extent finds the days of the first and the last sale, in the zones of their instances.
func extent(ctx context.Context, tx *sqlx.Tx, zones []Zone) (first, last time.Time, err error) {
	var rows []struct {
		Instance    string       `db:"instance"`
		First, Last sql.NullTime // an instance may have none
	}
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.Instance
	}
	err = tx.SelectContext(ctx, &rows, `
		SELECT i.instance, (SELECT min(at) FROM tandem.sales s WHERE s.instance = i.instance) AS first,
		  (SELECT max(at) FROM tandem.sales s WHERE s.instance = i.instance) AS last
		FROM unnest($1::text[]) AS i(instance)`, pq.Array(names))
	for _, row := range rows {
		if !row.First.Valid {
			continue
		}
		zone := zones[slices.Index(names, row.Instance)].Location
		if day := dayOf(row.First.Time, zone); first.IsZero() || day.Before(first) {
			first = day
		}
		if day := dayOf(row.Last.Time, zone); day.After(last) {
			last = day
		}
	}
	return first, last, err
}

// periodsOf lists the periods that have cells.
func (q *figures) periodsOf(cells []Cell) []Period {
	at := slices.IndexFunc(q.Dimensions, Dimension.IsPeriod)
	if at < 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, c := range cells {
		seen[c.Keys[at].Value] = true
	}
	return slices.DeleteFunc(slices.Clone(q.span.periods), func(p Period) bool { return !seen[p.Name] })
}
