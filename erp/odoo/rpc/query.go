package rpc

import (
	"context"
	"maps"
	"strings"
)

// PageSize is how many records are read with one call.
const PageSize = 1000

// BaseContext is the context of every call: the language names are in, the company, and no mails to anybody.
func (c *Client) BaseContext() map[string]any {
	env := map[string]any{
		"lang":                          c.Language(),
		"tracking_disable":              true,
		"mail_create_nosubscribe":       true,
		"mail_create_nolog":             true,
		"mail_notrack":                  true,
		"mail_auto_subscribe_no_notify": true,
		"no_reset_password":             true,
		"no_vat_validation":             true, // a number the store took is not ours to refuse
	}
	if company := c.Company(); company != 0 {
		env["allowed_company_ids"] = []int64{company}
	}
	return env
}

// Language is the one that names are written in, as Odoo names it.
func (c *Client) Language() string {
	if c.Lang == "" {
		return "en_US"
	}
	return strings.ReplaceAll(c.Lang, "-", "_")
}

// ArchivedContext is the context in which archived records are found too. Business methods must not run in it: they would work
// with archived rules and routes.
func (c *Client) ArchivedContext() map[string]any { return With(c.BaseContext(), "active_test", false) }

// With returns a context with one more value.
func With(c map[string]any, name string, value any) map[string]any {
	c = maps.Clone(c)
	c[name] = value
	return c
}

// Run calls a method on records in the base context.
func (c *Client) Run(ctx context.Context, model, method string, ids []int64, args map[string]any, result any) error {
	return c.Call(ctx, Call{Model: model, Method: method, IDs: ids, Args: args, Context: c.BaseContext()}, result)
}

// Create makes records and gives their ids, in order.
func (c *Client) Create(ctx context.Context, model string, records []map[string]any) ([]int64, error) {
	if len(records) == 0 {
		return nil, nil
	}
	var ids []int64
	err := c.Run(ctx, model, "create", nil, map[string]any{"vals_list": records}, &ids)
	return ids, err
}

// Write changes records. Without ids Odoo is not asked.
func (c *Client) Write(ctx context.Context, model string, ids []int64, vals map[string]any) error {
	if len(ids) == 0 {
		return nil
	}
	return c.Run(ctx, model, "write", ids, map[string]any{"vals": vals}, nil)
}

// Unlink deletes records. Without ids Odoo is not asked.
func (c *Client) Unlink(ctx context.Context, model string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return c.Run(ctx, model, "unlink", ids, nil, nil)
}

// Identified is a record that was read with its id, as those are that embed Row.
type Identified interface{ RowID() int64 }

// Search reads all records of a domain, archived ones too, ordered by id. It pages by the id, so that records made
// meanwhile neither shift the pages nor make a record come twice.
func Search[T Identified](ctx context.Context, c *Client, model string, domain []any, fields ...string) ([]T, error) {
	return SearchIn[T](ctx, c, c.ArchivedContext(), model, domain, fields...)
}

// SearchIn is Search in another context, for instance one in which only active records are found.
func SearchIn[T Identified](ctx context.Context, c *Client, env map[string]any, model string, domain []any, fields ...string) ([]T, error) {
	var found []T
	for last := int64(0); ; {
		var page []T
		paged := append([]any{Where("id", ">", last)}, domain...)
		err := c.Call(ctx, Call{Model: model, Method: "search_read", Context: env, Args: map[string]any{
			"domain": paged, "fields": nonNil(fields), "limit": PageSize, "order": "id"}}, &page)
		if err != nil {
			return nil, err
		}
		found = append(found, page...)
		if len(page) < PageSize {
			return found, nil
		}
		last = page[len(page)-1].RowID()
	}
}

// SearchBy is Search for a long list of values, with the domain made from a part of it each time.
func SearchBy[T Identified, V any](ctx context.Context, c *Client, model, field string, list []V, domain []any, fields ...string) ([]T, error) {
	var found []T
	err := Chunks(list, PageSize, func(part []V) error {
		rows, err := Search[T](ctx, c, model, append([]any{In(field, part)}, domain...), fields...)
		found = append(found, rows...)
		return err
	})
	return found, err
}

// SearchByID reads records by their ids.
func SearchByID[T Identified](ctx context.Context, c *Client, model string, ids []int64, fields ...string) (map[int64]T, error) {
	rows, err := SearchBy[T](ctx, c, model, "id", Distinct(ids), nil, fields...)
	found := make(map[int64]T, len(rows))
	for _, r := range rows {
		found[r.RowID()] = r
	}
	return found, err
}

// Row is the id every record is read with.
type Row struct {
	ID int64 `json:"id"`
}

// RowID is the id, for the paging of Search.
func (r Row) RowID() int64 { return r.ID }
