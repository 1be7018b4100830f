package instance

// minorUnits are the digits behind the point that ISO 4217 gives a currency, where they are not 2. The digits of CLDR,
// which x/text has, are those of everyday display: stores and banks count the paisa that it leaves out.
var minorUnits = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0,
	"VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// CurrencyDecimals gives how many digits behind the point a currency has: the smallest amount in it, its coin, is one of
// the last of them. It is 2 for a currency that is not in ISO 4217.
func CurrencyDecimals(code string) int32 {
	if digits, known := minorUnits[code]; known {
		return digits
	}
	return 2
}
