package odoo

import (
	"context"
	"maps"
	"strings"
)

// readPage is how many records are read with one call.
const readPage = 1000

// base is the context of every call: the language names are in, the company, and no mails to anybody.
func (b *Backend) base() map[string]any {
	c := map[string]any{
		"lang":                          b.language(),
		"tracking_disable":              true,
		"mail_create_nosubscribe":       true,
		"mail_create_nolog":             true,
		"mail_notrack":                  true,
		"mail_auto_subscribe_no_notify": true,
		"no_reset_password":             true,
		"no_vat_validation":             true, // a number the store took is not ours to refuse
	}
	if company := b.company.Load(); company != 0 {
		c["allowed_company_ids"] = []int64{company}
	}
	return c
}

func (b *Backend) language() string {
	if b.settings.Language == "" {
		return "en_US"
	}
	return strings.ReplaceAll(b.settings.Language, "-", "_")
}

// all is the context in which archived records are found too. Business methods must not run in it: they would work
// with archived rules and routes.
func (b *Backend) all() map[string]any { return with(b.base(), "active_test", false) }

func with(c map[string]any, name string, value any) map[string]any {
	c = maps.Clone(c)
	c[name] = value
	return c
}

// run calls a method on records in the base context.
func (b *Backend) run(ctx context.Context, model, method string, ids []int64, args map[string]any, result any) error {
	return b.api.call(ctx, call{model: model, method: method, ids: ids, args: args, context: b.base()}, result)
}

// create makes records and gives their ids, in order.
func (b *Backend) create(ctx context.Context, model string, records []map[string]any) ([]int64, error) {
	if len(records) == 0 {
		return nil, nil
	}
	var ids []int64
	err := b.run(ctx, model, "create", nil, map[string]any{"vals_list": records}, &ids)
	return ids, err
}

func (b *Backend) write(ctx context.Context, model string, ids []int64, vals map[string]any) error {
	if len(ids) == 0 {
		return nil
	}
	return b.run(ctx, model, "write", ids, map[string]any{"vals": vals}, nil)
}

func (b *Backend) unlink(ctx context.Context, model string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return b.run(ctx, model, "unlink", ids, nil, nil)
}

// search reads all records of a domain, archived ones too, ordered by id. It pages by the id, so that records made
// meanwhile neither shift the pages nor make a record come twice.
func search[T interface{ id() int64 }](ctx context.Context, b *Backend, model string, domain []any, fields ...string) ([]T, error) {
	return searchIn[T](ctx, b, b.all(), model, domain, fields...)
}

// searchIn is search in another context, for instance one in which only active records are found.
func searchIn[T interface{ id() int64 }](ctx context.Context, b *Backend, env map[string]any, model string, domain []any, fields ...string) ([]T, error) {
	var found []T
	for last := int64(0); ; {
		var page []T
		paged := append([]any{term("id", ">", last)}, domain...)
		err := b.api.call(ctx, call{model: model, method: "search_read", context: env, args: map[string]any{
			"domain": paged, "fields": nonNil(fields), "limit": readPage, "order": "id"}}, &page)
		if err != nil {
			return nil, err
		}
		found = append(found, page...)
		if len(page) < readPage {
			return found, nil
		}
		last = page[len(page)-1].id()
	}
}

// chunks calls do with at most size of the list at a time.
func chunks[T any](list []T, size int, do func([]T) error) error {
	for len(list) > 0 {
		n := min(size, len(list))
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// searchBy is search for a long list of values, with the domain made from a part of it each time.
func searchBy[T interface{ id() int64 }, V any](ctx context.Context, b *Backend, model, field string, list []V, domain []any, fields ...string) ([]T, error) {
	var found []T
	err := chunks(list, readPage, func(part []V) error {
		rows, err := search[T](ctx, b, model, append([]any{in(field, part)}, domain...), fields...)
		found = append(found, rows...)
		return err
	})
	return found, err
}

// row is the id every record is read with.
type row struct {
	ID int64 `json:"id"`
}

func (r row) id() int64 { return r.ID }
