package hooks

import (
	"encoding/json"
	"strconv"
	"strings"
)

// CodeNoRecord is the code of a notice that holds an error of the store's instead of a record.
const CodeNoRecord = "no_record"

// Notice is what a delivery tells.
type Notice struct {
	// Entity is the kind of record that is to be read again; empty when there is nothing to read.
	Entity string
	// WooID is of the record that the notice names; empty when it names none.
	WooID string
	// RecordID is the record to read: of a variation, which comes under the topics of products, its product. Empty stands for all
	// changes of the entity.
	RecordID string
	// Repeats says that the same bytes may stand for another event, because they hold no more than an id, or no record at all.
	Repeats bool
	// Code and Reason say why there is nothing to read, or why all changes are.
	Code, Reason string
}

// Parse reads the body of a delivery under one of Topics. Whatever a store or a plugin sends is an answer: a body that names no
// record makes all changes of the topic's entity be read.
//
// A notice of a deletion holds the id only, and comes under a wrong topic too: trashing a product fires coupon.deleted with the
// product's id. Reading the record tells.
func Parse(topic string, body []byte) Notice {
	entity, _, _ := strings.Cut(topic, ".")
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || len(fields) == 0 {
		return noRecord(entity)
	}
	id := idOf(fields["id"])
	switch {
	case id == "" && textOf(fields["code"]) != "" && fields["message"] != nil:
		return Notice{
			Repeats: true, Code: CodeNoRecord,
			Reason: "the store sent an error instead of the record: the record was deleted before, or is not of this kind",
		}
	case id == "":
		return noRecord(entity)
	}
	n := Notice{Entity: entity, WooID: id, RecordID: id, Repeats: len(fields) == 1}
	if parent := idOf(fields["parent_id"]); entity == "product" && parent != "" && textOf(fields["type"]) == "variation" {
		n.RecordID = parent
	}
	return n
}

func noRecord(entity string) Notice {
	return Notice{Entity: entity, Repeats: true, Reason: "the store named no record: all that changed is read"}
}

// idOf gives a record's id as text; empty when there is none. Plugins send numbers as texts.
func idOf(raw json.RawMessage) string {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil || n <= 0 || n >= 1e18 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}
