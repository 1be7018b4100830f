package mapping

import (
	"tandem/instance"
)

// Currencies are those of the instance: the main one, the further ones, and the one the store prices in.
func Currencies(inst instance.Instance) []string {
	var list []string
	seen := map[string]bool{"": true}
	all := append([]string{inst.Config.General.Currency}, inst.Config.General.Currencies...)
	for _, code := range append(all, inst.Store.Currency) {
		if !seen[code] {
			seen[code] = true
			list = append(list, code)
		}
	}
	return list
}

// StoreCurrency is the currency the store enters its prices in.
func StoreCurrency(inst instance.Instance) string {
	if inst.Store.Currency != "" {
		return inst.Store.Currency
	}
	return inst.Config.General.Currency
}
