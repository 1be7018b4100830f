package mapping

import "strings"

// labelPart is how much of a name stands in a label, in characters.
const labelPart = 100

// Label puts together what people call a record, such as a product's name and SKU, in one line. What is empty is left out.
func Label(parts ...string) string {
	var shown []string
	for _, part := range parts {
		text := []rune(strings.Join(strings.Fields(Plain(part)), " "))
		if len(text) > labelPart {
			text = append(text[:labelPart-1], '…')
		}
		if len(text) > 0 {
			shown = append(shown, string(text))
		}
	}
	return strings.Join(shown, " · ")
}
