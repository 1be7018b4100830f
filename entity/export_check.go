package entity

import (
	"fmt"
	"slices"
	"strings"

	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// exportSwitch is a setting of an instance that allows exports. All are off until a person turns them on: connecting a store never
// writes to it.
type exportSwitch struct {
	setting string // its path below config
	on      func(instance.Config) bool
}

var (
	termExports     = exportSwitch{"export.terms", func(c instance.Config) bool { return c.Export.Terms }}
	productExports  = exportSwitch{"export.products", func(c instance.Config) bool { return c.Export.Products }}
	customerExports = exportSwitch{"export.customers", func(c instance.Config) bool { return c.Export.Customers }}
	couponExports   = exportSwitch{"export.coupons", func(c instance.Config) bool { return c.Export.Coupons }}
	orderExports    = exportSwitch{"export.orders", func(c instance.Config) bool { return c.Export.Orders }}
	refundExports   = exportSwitch{"export.refunds", func(c instance.Config) bool { return c.Export.Refunds }}
	trackingExports = exportSwitch{"export.tracking", func(c instance.Config) bool { return c.Export.Tracking }}
	statusUpdates   = exportSwitch{"order.auto_status_update", func(c instance.Config) bool { return c.Order.AutoStatusUpdate }}
	stockPushes     = exportSwitch{"stock.auto_update", func(c instance.Config) bool { return c.Stock.AutoUpdate }}
)

// field is the path of the setting in the API.
func (s exportSwitch) field() string { return "config." + s.setting }

// example is what a person pipes into "instance configure" to turn the setting on.
func (s exportSwitch) example() string {
	section, name, _ := strings.Cut(s.setting, ".")
	return fmt.Sprintf(`{"%s":{"%s":true}}`, section, name)
}

// Check refuses to move entities of an instance in a direction as it is now.
func Check(d flow.Direction, in instance.Instance, names []string) error {
	switch {
	case d == flow.Export:
		return CheckExport(in, names)
	case !d.Moves():
		return CheckMatch(in)
	default:
		return CheckImport(in, names)
	}
}

// Movable gives the entities of an instance that go in a direction as it is now.
func Movable(d flow.Direction, in instance.Instance) []string {
	return slices.DeleteFunc(Names(d), func(name string) bool { return Check(d, in, []string{name}) != nil })
}

// ExportSwitch names the setting that allows an entity to be exported; "" for one that cannot be.
func ExportSwitch(name string) string {
	for _, e := range exports {
		if e.Name() == name {
			return e.field()
		}
	}
	return ""
}

// CheckExport refuses to write entities into the store of an instance that is not connected, and those whose switch is off. It names
// the setting to change.
func CheckExport(in instance.Instance, names []string) error {
	if err := checkConnected(in); err != nil {
		return err
	}
	for _, e := range exports {
		if !slices.Contains(names, e.Name()) || e.on(in.Config) {
			continue
		}
		refused := fault.New(fault.Conflict,
			"nothing of %s is written into the store of %s: set %s to true to allow it, e.g. echo '%s' | tandem instance configure %s --file -",
			e.Name(), in.ID, e.field(), e.example(), in.ID)
		refused.Code, refused.Field = "export_off", e.field()
		return refused
	}
	return nil
}
