package instance

import "regexp"

// minorUnits are the digits behind the point that a currency has, where they are not 2: those of ISO 4217, and of what
// WooCommerce lists besides. The digits of CLDR,
// which x/text has, are those of everyday display: stores and banks count the paisa that it leaves out.
var minorUnits = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0,
	"VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BYR": 0, // gone, but WooCommerce lists it
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"BTC": 8,
}

// CurrencyDecimals gives how many digits behind the point a currency has: the smallest amount in it, its coin, is one of
// the last of them. It is 2 for one that is not known, such as the Guernsey pound.
func CurrencyDecimals(code string) int32 {
	if digits, known := minorUnits[code]; known {
		return digits
	}
	return 2
}

// currencyPattern is how WooCommerce and ERPs name currencies. Which of them there are is the store's and the ERP's to say:
// GGP, IMP, JEP, IRT and BTC are in no ISO list.
var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

// PriceDecimals gives how many digits behind the point the store's amounts have at most: those of its prices, or of a currency
// that it sells in.
func (i Instance) PriceDecimals() int {
	most := i.Store.Decimals
	for _, code := range append([]string{i.Store.Currency, i.Config.General.Currency}, i.Config.General.Currencies...) {
		most = max(most, int(CurrencyDecimals(code)))
	}
	return most
}
