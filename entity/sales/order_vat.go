package sales

import (
	"strings"

	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/erp"
	"tandem/woo"
)

// vatNoteID is the id of the note on an order that has its buyer's VAT number.
const vatNoteID = "vat"

// vatValidFields are the meta fields in which plugins keep whether they found a VAT number to be given to somebody.
var vatValidFields = []string{"_vat_number_is_valid", "_vat_number_validated", "Valid EU VAT Number", "vies_response_valid"}

// exemptField is the meta field in which WooCommerce keeps that no tax was charged because the buyer need not pay it.
const exemptField = "is_vat_exempt"

// vatOf gives the VAT number that came with an order.
func vatOf(ec mapping.Context, o woo.Order) partner.VAT {
	return partner.VATOf(ec, o.MetaData, partner.FirstText(o.Billing.Country, o.Shipping.Country))
}

// vatNotes keeps on the order under which number it was placed, and what the store made of it: the contact's number may be another one
// later, and a contact that is known already keeps its own.
func vatNotes(ec mapping.Context, o woo.Order) []erp.Note {
	var said []string
	switch vat := vatOf(ec, o); {
	case vat.Number != "":
		said = append(said, "VAT number of the buyer: "+vat.Number)
	case vat.Invalid != "":
		said = append(said, "VAT number of the buyer, not valid: "+vat.Invalid)
	}
	if len(said) > 0 && saysYes(o, vatValidFields...) {
		said = append(said, "the store found the number to be valid")
	}
	if isExempt(o) {
		said = append(said, "exempt from tax in the store")
	}
	if len(said) == 0 {
		return nil
	}
	return []erp.Note{{ID: vatNoteID, At: orderDate(o), Text: strings.Join(said, "; ")}}
}

// isExempt reports whether the store charged no tax because the buyer need not pay it. The order's figures show that already.
func isExempt(o woo.Order) bool { return saysYes(o, exemptField) }

// saysYes reports whether one of the meta fields holds what PHP and its plugins take for yes.
func saysYes(o woo.Order, fields ...string) bool {
	for _, field := range fields {
		entry, _ := woo.FindMeta(o.MetaData, field)
		text, _ := entry.Text()
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "yes", "true", "1", "valid":
			return true
		}
	}
	return false
}
