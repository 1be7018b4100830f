package odootest

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// readable refuses a picture that is none, as Odoo does when it makes the smaller ones of it.
func readable(_ record, values map[string]any) map[string]any {
	for _, field := range []string{"image_1920", "image_variant_1920"} {
		encoded, given := values[field].(string)
		if !given {
			continue
		}
		content, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || !strings.HasPrefix(http.DetectContentType(content), "image/") {
			raise("odoo.exceptions.UserError", "This file could not be decoded as an image file.")
		}
	}
	return values
}
