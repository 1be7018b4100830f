package mapping

import (
	"strings"

	"tandem/woo"
)

// erpIDMeta is the field in which the store keeps which record of the ERP one of its own was made from, for what it would otherwise
// take twice: products without a SKU, and orders.
const erpIDMeta = "_tandem_erp_id"

// erpNumberMeta is the field in which the store keeps what people in the ERP call a record.
const erpNumberMeta = "_tandem_erp_number"

// Mark is the meta data that a record is created with, so that it is found again.
func Mark(ec Context, erpID string) []map[string]string {
	return []map[string]string{{"key": erpIDMeta, "value": MarkOf(ec, erpID)}}
}

// MarkNumbered is Mark for a record that people in the ERP know by a number.
func MarkNumbered(ec Context, erpID, number string) []map[string]string {
	if number == "" {
		return Mark(ec, erpID)
	}
	return append(Mark(ec, erpID), map[string]string{"key": erpNumberMeta, "value": number})
}

// NumberInERP gives the number that a record of the store has in the ERP in which it was made; empty when it says none.
func NumberInERP(meta []woo.Meta) string {
	field, _ := woo.FindMeta(meta, erpNumberMeta)
	text, _ := field.Text()
	return text
}

// IsMarked reports whether a record of the store was made from the ERP's record with that id.
func IsMarked(ec Context, meta []woo.Meta, erpID string) bool {
	return MarkIn(meta) == MarkOf(ec, erpID)
}

// MarkedID gives the ERP's id of the record that one of the store says it was made from.
func MarkedID(ec Context, meta []woo.Meta) (id string, ok bool) {
	id, ok = strings.CutPrefix(MarkIn(meta), ec.Instance.ID+"/")
	return id, ok && id != ""
}

// MarkIn gives the record of the ERP that a record of the store says it was made from; empty when it says none.
func MarkIn(meta []woo.Meta) string {
	field, _ := woo.FindMeta(meta, erpIDMeta)
	text, _ := field.Text()
	return text
}

// MarkOf names a record of the ERP in the store.
func MarkOf(ec Context, erpID string) string { return ec.Instance.ID + "/" + erpID }
