package db

import (
	"context"
	"time"

	"tandem/fault"
	"tandem/report"
)

// ReportLayout is what printed reports look like, as somebody saved it.
type ReportLayout struct {
	ID       string
	Instance string // that may use it; empty for all
	Name     string
	report.Layout
	HasLogo   bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

const reportLayoutColumns = `id, coalesce(instance, '') AS instance, name, style, font, page, accent, ink, language, logo IS NOT NULL AS haslogo,
	created_at AS createdat, updated_at AS updatedat`

func (l ReportLayout) inUTC() ReportLayout {
	l.CreatedAt, l.UpdatedAt = l.CreatedAt.UTC(), l.UpdatedAt.UTC()
	return l
}

// ReportLayouts lists the layouts that an instance may use, or all when it is empty, ordered by name. Logos are left out.
func (d *DB) ReportLayouts(ctx context.Context, instance string) ([]ReportLayout, error) {
	var rows []ReportLayout
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+reportLayoutColumns+` FROM tandem.report_layouts
		WHERE $1 = '' OR instance IS NULL OR instance = $1 ORDER BY name, id`, instance)
	return collect(rows, ReportLayout.inUTC), classify(err, "listing layouts of reports")
}

// ReportLayout gives one layout; NotFound when there is none.
func (d *DB) ReportLayout(ctx context.Context, id string) (ReportLayout, error) {
	var l ReportLayout
	err := d.pool.GetContext(ctx, &l, `SELECT `+reportLayoutColumns+`, logo FROM tandem.report_layouts WHERE id = $1`, id)
	return l.inUTC(), named(classify(err, "reading the layout"), fault.NotFound, "there is no layout %s", id)
}

// CreateReportLayout saves a layout under an ID that it makes. Conflict when there is one of that name, or no such instance.
func (d *DB) CreateReportLayout(ctx context.Context, l ReportLayout) (ReportLayout, error) {
	l.ID = newID()
	return d.storeReportLayout(ctx, l, `
		INSERT INTO tandem.report_layouts (id, instance, name, style, font, page, accent, ink, language, logo)
		VALUES ($1, nullif($2, ''), $3, $4, $5, $6, $7, $8, $9, $10) RETURNING `)
}

// UpdateReportLayout replaces a layout; NotFound when there is none.
func (d *DB) UpdateReportLayout(ctx context.Context, l ReportLayout) (ReportLayout, error) {
	return d.storeReportLayout(ctx, l, `
		UPDATE tandem.report_layouts SET instance = nullif($2, ''), name = $3, style = $4, font = $5, page = $6, accent = $7, ink = $8,
		  language = $9, logo = $10, updated_at = now() WHERE id = $1 RETURNING `)
}

func (d *DB) storeReportLayout(ctx context.Context, l ReportLayout, statement string) (ReportLayout, error) {
	var stored ReportLayout
	err := d.pool.GetContext(ctx, &stored, statement+reportLayoutColumns+`, logo`, l.ID, l.Instance, l.Name, l.Style, l.Font, l.Page, l.Accent, l.Ink,
		l.Language, l.Logo)
	return stored.inUTC(), named(classify(err, "saving the layout"), fault.Conflict, "there is a layout %q already: choose another name, or change that one", l.Name)
}

// DeleteReportLayout removes a layout; NotFound when there is none.
func (d *DB) DeleteReportLayout(ctx context.Context, id string) error {
	result, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.report_layouts WHERE id = $1`, id)
	return oneRow(result, err, "deleting the layout")
}
