package instance

import (
	"fmt"
	"slices"
	"strings"
)

// Warnings says what will go wrong as the instance is configured, and which settings to change. It makes no call: what the
// store said at the last Connect is compared with the configuration.
func (i Instance) Warnings() []string {
	missing := slices.DeleteFunc(strings.Split(i.Store.OrderCurrencies, ","), i.takes)
	if len(missing) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("recent orders of the store are in %s, which is not among the instance's currencies: such orders "+
		"are parked until config.general.multi_currency is true and config.general.currencies lists %s",
		strings.Join(missing, ", "), strings.Join(missing, ", "))}
}

// takes reports whether orders in a currency are imported.
func (i Instance) takes(code string) bool {
	return code == "" || code == i.Config.General.Currency || code == i.Store.Currency || slices.Contains(i.Config.General.Currencies, code)
}
