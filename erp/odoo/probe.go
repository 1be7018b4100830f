package odoo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tandem/erp"
	"tandem/fault"
)

// modules Tandem cannot work without.
var modules = []string{"sale", "stock", "account", "sale_stock", "delivery"}

// writable are the models the user of the key must have the right to make records of.
var writable = []string{
	"ir.model.data", "ir.model.fields", "res.partner", "product.template", "product.pricelist", "account.tax", "sale.order",
	"account.move", "account.payment", "stock.picking",
	"stock.warehouse", // whoever may make warehouses may also adjust stock
}

// Probe checks that Odoo answers, has the modules that are needed, and that the user of the key may do what is needed. A
// module that is missing is fault.Unsupported, a right fault.Unauthorized; both say what to do.
func (b *Backend) Probe(ctx context.Context) (erp.Info, error) {
	home, err := b.readCompany(ctx)
	if err != nil {
		return erp.Info{}, err
	}
	info := erp.Info{Name: "Odoo", Version: b.release.version, Company: home.Name}
	if b.release.unknown() {
		info.Warnings = append(info.Warnings, fmt.Sprintf("Odoo %s is newer than any version tried: it is treated like Odoo %d", b.release.version, newest))
	}
	if err := b.probeRights(ctx); err != nil { // first, because without rights the rest cannot be read
		return info, err
	}
	if err := b.probeModules(ctx, &info); err != nil {
		return info, err
	}
	if err := b.probePrecision(ctx, &info); err != nil {
		return info, err
	}
	return info, b.probeKey(ctx, &info)
}

func (b *Backend) probeModules(ctx context.Context, info *erp.Info) error {
	type installed struct {
		row
		Name string `json:"name"`
	}
	wanted := append([]string{pick(b.release, couponModules)}, modules...)
	rows, err := searchBy[installed](ctx, b, "ir.module.module", "name", wanted, []any{term("state", "=", "installed")}, "name")
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
		info.Warnings = append(info.Warnings, fmt.Sprintf("coupons cannot be landed: install the module %s in Odoo for them", wanted[0]))
	}
	return nil
}

func (b *Backend) probeRights(ctx context.Context) error {
	check := pick(b.release, accessMethods)
	var lacking []string
	for _, model := range writable {
		args := map[string]any{"operation": "create"}
		if check == "check_access_rights" {
			args["raise_exception"] = false
		}
		var allowed bool
		var ids []int64
		if check == "has_access" {
			ids = []int64{}
		}
		if err := b.run(ctx, model, check, ids, args, &allowed); err != nil {
			return err
		}
		if !allowed {
			lacking = append(lacking, model)
		}
	}
	if len(lacking) > 0 {
		return fault.New(fault.Unauthorized, "the user of the key may not create %s: make it an administrator of Sales, Inventory, "+
			"Invoicing and Access Rights", strings.Join(lacking, ", "))
	}
	return nil
}

// wantedDigits is how many decimals unit prices need so that a quantity times the price is the line's total.
const wantedDigits = 4

// probePrecision warns when Odoo rounds unit prices so that lines are off by cents.
func (b *Backend) probePrecision(ctx context.Context, info *erp.Info) error {
	type precision struct {
		row
		Digits int `json:"digits"`
	}
	rows, err := search[precision](ctx, b, "decimal.precision", []any{term("name", "=", "Product Price")}, "digits")
	for _, r := range rows {
		if r.Digits < wantedDigits {
			info.Warnings = append(info.Warnings, fmt.Sprintf("unit prices have %d decimals, which makes lines a cent off the store's: "+
				"raise the decimal accuracy of Product Price to %d", r.Digits, wantedDigits))
		}
	}
	return err
}

// keyWarning is how long before its end a key is reported.
const keyWarning = 21 * 24 * time.Hour

// probeKey warns when the API keys of the user run out: from Odoo 19 on they live for three months.
func (b *Backend) probeKey(ctx context.Context, info *erp.Info) error {
	if !b.release.json2 {
		return nil
	}
	type key struct {
		row
		Until moment `json:"expiration_date"`
	}
	rows, err := search[key](ctx, b, "res.users.apikeys", []any{term("expiration_date", "!=", false)}, "expiration_date")
	if fault.Is(err, fault.Unauthorized) {
		return nil // some may not see their keys
	}
	for _, r := range rows {
		if left := time.Until(r.Until.Time); left > 0 && left < keyWarning {
			info.Warnings = append(info.Warnings, fmt.Sprintf("an API key of the user ends on %s: make a new one", r.Until.Format(time.DateOnly)))
		}
	}
	return err
}
