package odootest

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
)

// readable refuses a picture that is none, as Odoo does when it makes the smaller ones of it.
func readable(r record, values map[string]any) map[string]any {
	for _, field := range []string{"image_1920", "image_variant_1920"} {
		encoded, given := values[field].(string)
		if !given {
			if values[field] == false {
				r.detach(field)
			}
			continue
		}
		content, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || !strings.HasPrefix(http.DetectContentType(content), "image/") {
			raise("odoo.exceptions.UserError", "This file could not be decoded as an image file.")
		}
		r.attach(field, encoded, content)
	}
	return values
}

// attach keeps an image as Odoo does, in a file that is named by its content. An image is not scaled down.
func (r record) attach(field, encoded string, content []byte) {
	r.detach(field)
	sum := sha1.Sum(content)
	r.create("ir.attachment", map[string]any{
		"res_model": r.model.name, "res_field": field, "res_id": r.id, "checksum": hex.EncodeToString(sum[:]),
		"mimetype": http.DetectContentType(content), "file_size": int64(len(content)), "datas": encoded,
	})
}

func (r record) detach(field string) {
	for _, file := range r.find("ir.attachment", []any{"res_id", "=", r.id}) {
		if file.get("res_model") == r.model.name && file.get("res_field") == field {
			file.remove()
		}
	}
}
