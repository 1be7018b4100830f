package odoo

import (
	"context"
	"fmt"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// modules Tandem cannot work without.
var modules = []string{"sale", "stock", "account", "sale_stock", "delivery"}

// right is something the user must be allowed to do.
type right struct{ operation, model string }

// The rights that are needed: those on what every Odoo has, and those on what the modules bring.
var (
	settingsRights = []right{
		{"read", "ir.module.module"}, {"create", "ir.model"}, {"create", "ir.model.fields"}, {"create", "ir.model.data"},
	}
	recordRights = []right{
		{"create", "res.partner"}, {"create", "product.template"}, {"create", "product.pricelist"}, {"create", "account.tax"},
		{"create", "sale.order"}, {"create", "account.move"}, {"create", "account.payment"}, {"create", "stock.picking"},
		{"create", "stock.warehouse"}, // whoever may make warehouses may also adjust stock
	}
)

// Probe checks that Odoo answers, has the modules that are needed, and that the user may do what is needed. A setting
// that names nothing is fault.Invalid, a module that is missing fault.Unsupported, a right fault.Unauthorized; all say
// what to do. What works less well than it could comes as a warning.
func (b *Backend) Probe(ctx context.Context) (erp.Info, error) {
	found, err := b.records.ReadSession(ctx)
	if err != nil {
		return erp.Info{}, err
	}
	info := erp.Info{Name: "Odoo", Version: b.rpc.Release.Version, Company: found.Company.Name, CompanyID: rpc.FormatID(found.Company.ID)}
	p := prober{Backend: b, session: found, info: &info}
	if b.rpc.Release.IsNewerThanTried() {
		p.warn("Odoo %s is newer than any version tried: it is treated like Odoo %d", b.rpc.Release.Version, rpc.Newest)
	}
	for _, step := range []func(context.Context) error{
		p.settingsRights, p.modules, p.recordRights, p.companies, p.rounding, p.precision, p.outstanding, p.key,
	} {
		if err := step(ctx); err != nil {
			return info, err
		}
	}
	return info, nil
}

// prober looks at one thing after another and notes what it finds.
type prober struct {
	*Backend
	session record.SessionContext
	info    *erp.Info
}

func (p prober) warn(format string, args ...any) {
	p.info.Warnings = append(p.info.Warnings, fmt.Sprintf(format, args...))
}

func (p prober) settingsRights(ctx context.Context) error {
	return p.rights(ctx, settingsRights, "of Settings")
}

func (p prober) recordRights(ctx context.Context) error {
	return p.rights(ctx, recordRights, "of Sales, Inventory and Invoicing")
}

func (p prober) rights(ctx context.Context, wanted []right, administrator string) error {
	check := rpc.AccessChecks.For(p.rpc.Release)
	var lacking []string
	for _, w := range wanted {
		args := map[string]any{"operation": w.operation}
		if check.Quietly {
			args["raise_exception"] = false
		}
		var allowed bool
		if err := p.rpc.Run(ctx, w.model, check.Method, check.IDs, args, &allowed); err != nil {
			return err
		}
		if !allowed {
			lacking = append(lacking, w.operation+" "+w.model)
		}
	}
	if len(lacking) > 0 {
		return fault.New(fault.Unauthorized, "the user of the key may not %s: make it an administrator %s in Odoo",
			strings.Join(lacking, ", "), administrator)
	}
	return nil
}

func (p prober) modules(ctx context.Context) error {
	type installed struct {
		rpc.Row
		Name string `json:"name"`
	}
	wanted := append([]string{rpc.CouponModules.For(p.rpc.Release)}, modules...)
	rows, err := rpc.SearchBy[installed](ctx, p.rpc, "ir.module.module", "name", wanted, []any{rpc.Where("state", "=", "installed")}, "name")
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, r := range rows {
		has[r.Name] = true
	}
	var missing []string
	for _, name := range modules {
		if !has[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fault.New(fault.Unsupported, "Odoo lacks modules: install %s there", strings.Join(missing, ", "))
	}
	if !has[wanted[0]] {
		p.warn("coupons cannot be landed: install the module %s in Odoo for them", wanted[0])
	}
	return nil
}
