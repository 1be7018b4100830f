package instance

import (
	"fmt"
	"slices"
	"strings"
)

// Warnings says what will go wrong as the instance is configured, and which settings to change. It makes no call: what the
// store said at the last Connect is compared with the configuration.
func (i Instance) Warnings() []string {
	var warnings []string
	if missing := slices.DeleteFunc(strings.Split(i.Store.OrderCurrencies, ","), i.takes); len(missing) > 0 {
		warnings = append(warnings, fmt.Sprintf("recent orders of the store are in %s, which is not among the instance's currencies: "+
			"such orders are parked until config.general.multi_currency is true and config.general.currencies lists %s",
			strings.Join(missing, ", "), strings.Join(missing, ", ")))
	}
	if i.Store.SubOrders && i.Config.Order.SubOrders == "" {
		warnings = append(warnings, "some recent orders of the store are parts of others (parent_id), as marketplace plugins make one for each "+
			"vendor: such parts are parked until config.order.sub_orders says whether whole orders (parents), their parts (children) or both "+
			"are imported")
	}
	return warnings
}

// takes reports whether orders in a currency are imported.
func (i Instance) takes(code string) bool {
	return code == "" || code == i.Config.General.Currency || code == i.Store.Currency || slices.Contains(i.Config.General.Currencies, code)
}
