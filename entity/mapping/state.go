package mapping

import (
	"strings"
)

// LocalState drops the country that some countries' state codes begin with: "DE-BE" is "BE".
func LocalState(state, country string) string {
	if country == "" {
		return state
	}
	return strings.TrimPrefix(state, country+"-")
}
