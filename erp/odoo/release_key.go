package odoo

import (
	"context"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/fault"
)

// Release takes a key off the record it names, by deleting its external identifiers. The key of a simple product is taken
// off template and variant.
func (b *Backend) Release(ctx context.Context, key erp.Key) error {
	if r := landing.CheckKey(key); r != nil {
		return fault.Field("key", "%s", r.Reason)
	}
	if _, ok := homes(b.rpc.Release)[key.Entity]; !ok {
		return fault.Field("key", "Odoo keeps no %q", key.Entity)
	}
	defer b.records.Lock([]string{key.String()})()
	return b.records.Unbind(ctx, []string{record.ExternalName(key), record.TemplateName(key)})
}
