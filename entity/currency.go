package entity

import (
	"tandem/instance"
)

// decimals gives how many digits behind the point a currency has.
func decimals(code string) int32 { return instance.CurrencyDecimals(code) }
